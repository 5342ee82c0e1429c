//! Asks the index.

use jiff::Timestamp;
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::Query as EngineQuery;
use tantivy::{DocAddress, Order, Searcher};

use super::documents::{AT, ID_HIGH, ID_LOW, SEQ, whole};
use super::error::guarded;
use super::translate::{Translator, everything};
use super::{Asking, Error, Index};
use crate::model::PostId;
use crate::query::Query;

/// In which order hits come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// The best first.
    #[default]
    Relevance,
    /// The newest first.
    Newest,
}

/// A post that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Its id.
    pub id: PostId,
    /// The archive's row of the version that was found.
    pub seq: i64,
    /// When it was published, else seen.
    pub at: Timestamp,
    /// How well it fits; comparable within one search only. 0 when sorted by time.
    pub score: f32,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hits {
    /// How many posts there are.
    pub total: usize,
    /// The first of them.
    pub hits: Vec<Hit>,
}

impl Index {
    /// Finds the first `limit` posts for `query`; all posts where there is none.
    ///
    /// What it finds is what `query::matches` finds. Ties break by time, then by id.
    pub fn search(
        &self,
        query: Option<&Query>,
        asking: &Asking<'_>,
        sort: Sort,
        limit: usize,
    ) -> Result<Hits, Error> {
        let searcher = self.searcher()?;
        let translator = Translator { fields: self.fields, asking };
        let query = query.map_or_else(everything, |query| translator.query(query));
        guarded(|| find(&searcher, &*query, sort, limit))
            .map_err(|error| self.failed("search", error))
    }
}

fn find(
    searcher: &Searcher,
    query: &dyn EngineQuery,
    sort: Sort,
    limit: usize,
) -> tantivy::Result<Hits> {
    if limit == 0 {
        return Ok(Hits { total: searcher.search(query, &Count)?, hits: Vec::new() });
    }
    // The engine makes room for `limit` hits at once.
    let held = usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX);
    let top = TopDocs::with_limit(limit.min(held).max(1));
    let by_time = (SortByStaticFastValue::<i64>::for_field(AT), Order::Desc);
    let by_id = (SortByStaticFastValue::<u64>::for_field(ID_HIGH), Order::Asc);
    let (total, found): (usize, Vec<(f32, DocAddress)>) = match sort {
        Sort::Relevance => {
            let top = top.order_by(((SortBySimilarityScore, Order::Desc), by_time, by_id));
            let (total, found) = searcher.search(query, &(Count, top))?;
            (total, found.into_iter().map(|((score, ..), at)| (score, at)).collect())
        }
        Sort::Newest => {
            let (total, found) =
                searcher.search(query, &(Count, top.order_by((by_time, by_id))))?;
            (total, found.into_iter().map(|(_, at)| (0.0, at)).collect())
        }
    };
    let hits = found.into_iter().map(|(score, at)| read(searcher, score, at));
    Ok(Hits { total, hits: hits.collect::<tantivy::Result<_>>()? })
}

fn read(searcher: &Searcher, score: f32, address: DocAddress) -> tantivy::Result<Hit> {
    let fast = searcher.segment_reader(address.segment_ord).fast_fields();
    let of = address.doc_id;
    let half = |name| fast.u64(name).map(|column| column.first(of).unwrap_or_default());
    let number = |name| fast.i64(name).map(|column| column.first(of).unwrap_or_default());
    let at = Timestamp::from_nanosecond(i128::from(number(AT)?)).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(Hit { id: whole((half(ID_HIGH)?, half(ID_LOW)?)), seq: number(SEQ)?, at, score })
}
