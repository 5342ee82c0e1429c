//! The centers of all topics, found by the terms they hold.

use super::Vector;

/// The sum of a topic's posts, and when the last of them was.
#[derive(Debug, Clone, Default)]
pub(super) struct Center {
    /// Not of length 1.
    pub(super) sum: Vector,
    /// Of `sum`.
    pub(super) length: f32,
    /// Seconds since 1970 of the newest post that has an instant.
    pub(super) last: Option<i64>,
}

/// Centers by number, and for each term the centers that hold it.
#[derive(Debug, Clone, Default)]
pub(super) struct Centers {
    pub(super) all: Vec<Option<Center>>,
    /// For each term: center and weight in its sum, sorted by center.
    holders: Vec<Vec<(u32, f32)>>,
    /// Scratch: the products so far, and which are not zero.
    products: Vec<f32>,
    touched: Vec<u32>,
}

impl Centers {
    /// Adds an empty center and returns its number.
    pub(super) fn open(&mut self) -> u32 {
        self.all.push(Some(Center::default()));
        self.products.push(0.0);
        (self.all.len() - 1) as u32
    }

    /// Adds a post, or another center's sum, to a center.
    pub(super) fn add(&mut self, center: u32, vector: &Vector, at: Option<i64>) {
        let Some(own) = &mut self.all[center as usize] else { return };
        own.sum.add(vector);
        own.length = own.sum.length();
        own.last = own.last.max(at);
        for &(term, weight) in &vector.0 {
            let term = term as usize;
            if term >= self.holders.len() {
                self.holders.resize_with(term + 1, Vec::new);
            }
            let holders = &mut self.holders[term];
            match holders.binary_search_by_key(&center, |(holder, _)| *holder) {
                Ok(at) => holders[at].1 += weight,
                Err(at) => holders.insert(at, (center, weight)),
            }
        }
    }

    /// Takes a center away and returns it.
    pub(super) fn close(&mut self, center: u32) -> Option<Center> {
        let closed = self.all[center as usize].take()?;
        for (term, _) in &closed.sum.0 {
            let holders = &mut self.holders[*term as usize];
            if let Ok(at) = holders.binary_search_by_key(&center, |(holder, _)| *holder) {
                holders.remove(at);
            }
        }
        Some(closed)
    }

    /// Returns the center other than `not` that is nearest to `vector` (of length `length`), and
    /// the cosine, halved for each `half_life` (in seconds) between `at` and its last post. The
    /// earlier one where two are equally near.
    pub(super) fn nearest(
        &mut self,
        vector: &Vector,
        length: f32,
        at: Option<i64>,
        half_life: f32,
        not: Option<u32>,
    ) -> Option<(u32, f32)> {
        for &(term, weight) in &vector.0 {
            let Some(holders) = self.holders.get(term as usize) else { continue };
            for &(center, held) in holders {
                let product = &mut self.products[center as usize];
                if *product == 0.0 {
                    self.touched.push(center);
                }
                *product += weight * held;
            }
        }
        let mut best: Option<(u32, f32)> = None;
        for center in self.touched.drain(..) {
            let product = std::mem::take(&mut self.products[center as usize]);
            let Some(own) = self.all[center as usize].as_ref().filter(|_| Some(center) != not)
            else {
                continue;
            };
            let mut near = product / (own.length * length).max(f32::MIN_POSITIVE);
            if let (Some(at), Some(last)) = (at, own.last) {
                near *= (-(at - last).abs() as f32 / half_life).exp2();
            }
            let better = |(old, most): (u32, f32)| near > most || (near == most && center < old);
            if best.is_none_or(better) {
                best = Some((center, near));
            }
        }
        best
    }
}
