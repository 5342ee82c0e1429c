//! The centers of all topics, found by the terms they hold.

use super::Vector;

/// What one term can give, as a share of what is asked for.
const ONE_TERM: f32 = 0.93;

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

/// What looks for a center.
pub(super) struct Seeker<'a> {
    /// Its direction.
    pub(super) vector: &'a Vector,
    /// Of `vector`.
    pub(super) length: f32,
    /// Seconds since 1970.
    pub(super) at: Option<i64>,
    /// A center that it does not want: itself.
    pub(super) not: Option<u32>,
}

/// Centers by number, and for each term the centers that hold it.
#[derive(Debug, Clone, Default)]
pub(super) struct Centers {
    pub(super) all: Vec<Option<Center>>,
    /// For each term: center and weight in its sum, sorted by center.
    holders: Vec<Vec<(u32, f32)>>,
    /// Scratch, zero between calls: for each center the sum of the products so far and the
    /// largest of them; and the centers that are not zero.
    products: Vec<(f32, f32)>,
    touched: Vec<u32>,
}

impl Centers {
    /// Adds an empty center and returns its number.
    pub(super) fn open(&mut self) -> u32 {
        self.all.push(Some(Center::default()));
        self.products.push((0.0, 0.0));
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

    /// Returns the center nearest to `seeker` if it is `least` near or nearer: the cosine, to
    /// which one term alone gives less than `least`, halved for each `half_life` (in seconds)
    /// between the two in time. The earlier one where two are equally near.
    pub(super) fn nearest(&mut self, seeker: &Seeker, least: f32, half_life: f32) -> Option<u32> {
        for &(term, weight) in &seeker.vector.0 {
            let Some(holders) = self.holders.get(term as usize) else { continue };
            for &(center, held) in holders {
                let (sum, most) = &mut self.products[center as usize];
                if *sum == 0.0 {
                    self.touched.push(center);
                }
                let product = weight * held;
                *sum += product;
                *most = most.max(product);
            }
        }
        let mut best: Option<(u32, f32)> = None;
        for center in self.touched.drain(..) {
            let (sum, most) = std::mem::take(&mut self.products[center as usize]);
            let Some(own) = &self.all[center as usize] else { continue };
            let scale = (own.length * seeker.length).max(f32::MIN_POSITIVE);
            let mut near = capped(sum / scale, most / scale, least);
            if near < least {
                continue;
            }
            if let (Some(at), Some(last)) = (seeker.at, own.last) {
                near *= (-(at - last).abs() as f32 / half_life).exp2();
            }
            let better = |(old, most): (u32, f32)| near > most || (near == most && center < old);
            if near >= least && Some(center) != seeker.not && best.is_none_or(better) {
                best = Some((center, near));
            }
        }
        best.map(|(center, _)| center)
    }
}

/// Returns `cosine`, the part `most` of it that its greatest term gives cut to just below
/// `least`: a name that two posts share does not make them speak of one thing.
pub(super) fn capped(cosine: f32, most: f32, least: f32) -> f32 {
    cosine - most + most.min(ONE_TERM * least)
}
