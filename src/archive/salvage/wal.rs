//! Works the log of an archive into its file, as a checkpoint does, where SQLite can open
//! neither. <https://sqlite.org/fileformat2.html#walformat>

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::Path;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Writes each page that was committed to the log at `log` to its place in the file at `path`,
/// then empties the log. Doing it twice does no harm. Nothing happens where there is no log, or
/// one that makes no sense.
pub(crate) fn work_in(path: &Path, log: &Path) -> io::Result<()> {
    let mut frames = match File::open(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => io::BufReader::new(opened?),
    };
    let Some(start) = Sum::start(&mut frames)? else { return Ok(()) };
    let committed = committed(&mut frames, &start)?;
    let mut file = OpenOptions::new().write(true).open(path)?;
    frames.seek(SeekFrom::Start(HEADER as u64))?;
    let mut page = vec![0; start.page];
    for _ in 0..committed {
        let mut header = [0; FRAME_HEADER];
        frames.read_exact(&mut header)?;
        frames.read_exact(&mut page)?;
        let number = u64::from(word(&header, 0, true)).saturating_sub(1);
        file.seek(SeekFrom::Start(number * start.page as u64))?;
        file.write_all(&page)?;
    }
    file.sync_all()?;
    OpenOptions::new().write(true).open(log)?.set_len(0)
}

/// How many frames there are up to the last one that ends a transaction.
fn committed(frames: &mut impl Read, start: &Sum) -> io::Result<usize> {
    let mut sum = start.clone();
    let (mut count, mut committed) = (0, 0);
    let mut frame = vec![0; FRAME_HEADER + start.page];
    while sum.follows(frames, &mut frame)? {
        count += 1;
        if word(&frame, 4, true) != 0 {
            committed = count;
        }
    }
    Ok(committed)
}

/// The running checksum of a log.
#[derive(Clone)]
struct Sum {
    page: usize,
    is_big: bool,
    salt: [u8; 8],
    sum: (u32, u32),
}

impl Sum {
    /// Reads the log's header; `None` where it is none.
    fn start(frames: &mut impl Read) -> io::Result<Option<Sum>> {
        let mut header = [0; HEADER];
        if !fill(frames, &mut header)? {
            return Ok(None);
        }
        let magic = word(&header, 0, true);
        let page = word(&header, 8, true) as usize;
        if magic & !1 != 0x377f_0682 || !super::pages::SIZES.contains(&page) {
            return Ok(None);
        }
        let salt = header[16..24].try_into().expect("eight of 32 bytes");
        let mut start = Sum { page, is_big: magic & 1 == 1, salt, sum: (0, 0) };
        start.add(&header[..24]);
        Ok((start.sum == (word(&header, 24, true), word(&header, 28, true))).then_some(start))
    }

    /// Reads the next frame; `false` where it does not follow from those before.
    fn follows(&mut self, frames: &mut impl Read, frame: &mut [u8]) -> io::Result<bool> {
        if !fill(frames, frame)? || frame[8..16] != self.salt {
            return Ok(false);
        }
        self.add(&frame[..8]);
        self.add(&frame[FRAME_HEADER..]);
        Ok(self.sum == (word(frame, 16, true), word(frame, 20, true)))
    }

    fn add(&mut self, bytes: &[u8]) {
        for pair in bytes.chunks_exact(8) {
            let (first, second) = (word(pair, 0, self.is_big), word(pair, 4, self.is_big));
            self.sum.0 = self.sum.0.wrapping_add(first).wrapping_add(self.sum.1);
            self.sum.1 = self.sum.1.wrapping_add(second).wrapping_add(self.sum.0);
        }
    }
}

fn word(bytes: &[u8], at: usize, is_big: bool) -> u32 {
    let four = bytes[at..at + 4].try_into().expect("four bytes");
    if is_big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
}

/// Fills `bytes`; `false` where the log ends before.
fn fill(from: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(bytes) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}
