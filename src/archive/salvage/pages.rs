//! The pages of an archive's file, and the rows that stand on them.
//! <https://sqlite.org/fileformat2.html>

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::cells::{self, Cell};

/// Sizes that a page can have.
pub(super) const SIZES: [usize; 8] = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];

/// The size that this program's archives have, for a header that does not tell.
const USUAL: usize = 4096;

/// Where the first page's own header ends.
const FILE_HEADER: usize = 100;

/// A file, page by page; nothing in it is believed.
pub(crate) struct Pages {
    file: File,
    size: usize,
    count: u32,
}

/// What stands on one page.
#[derive(Default)]
pub(crate) struct Found {
    /// Its rows.
    pub(crate) cells: Vec<Cell>,
    /// Places where a row should be and none can be read.
    pub(crate) unreadable: u64,
}

impl Pages {
    /// Opens the file at `path`.
    pub(crate) fn open(path: &Path) -> io::Result<Pages> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut header = [0; FILE_HEADER];
        let told = file.read_exact(&mut header).ok().map(|()| match header[16..18] {
            [0, 1] => 65536,
            [high, low] => usize::from(u16::from_be_bytes([high, low])),
            _ => 0,
        });
        let is_ours = header.starts_with(b"SQLite format 3\0");
        let size = told.filter(|size| is_ours && SIZES.contains(size)).unwrap_or(USUAL);
        let count = u32::try_from(length / size as u64).unwrap_or(u32::MAX);
        Ok(Pages { file, size, count })
    }

    /// How many there are; the first one has the number 1. What is left of a page that was cut
    /// off is none.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// The rows on page `number`; none where it is of another kind, or makes no sense.
    pub(crate) fn found_on(&mut self, number: u32) -> Found {
        let mut found = Found::default();
        let Some(page) = self.page(number) else {
            return Found { unreadable: 1, ..found };
        };
        let header = if number == 1 { FILE_HEADER } else { 0 };
        for place in cells::places(&page, header).unwrap_or_default() {
            let begun = cells::begin(&page, header, place);
            match begun.and_then(|begun| self.whole(begun)) {
                Some(cell) => found.cells.push(cell),
                None => found.unreadable += 1,
            }
        }
        found
    }

    /// Follows a row to the pages on which it goes on.
    fn whole(&mut self, begun: cells::Begun) -> Option<Cell> {
        let cells::Begun { rowid, mut payload, length, mut next } = begun;
        while payload.len() < length {
            let page = self.page(next)?;
            next = u32::from_be_bytes(page[..4].try_into().expect("four bytes of a page"));
            let rest = (length - payload.len()).min(page.len() - 4);
            payload.extend_from_slice(&page[4..4 + rest]);
        }
        Some(Cell { rowid, values: cells::values(&payload)? })
    }

    /// `None` where there is none, or the disk cannot read it.
    fn page(&mut self, number: u32) -> Option<Vec<u8>> {
        if !(1..=self.count).contains(&number) {
            return None;
        }
        let mut page = vec![0; self.size];
        let place = SeekFrom::Start(u64::from(number - 1) * self.size as u64);
        self.file.seek(place).and_then(|_| self.file.read_exact(&mut page)).ok()?;
        Some(page)
    }
}
