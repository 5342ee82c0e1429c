//! Who has to do with whom: for now, who replied to me, mentioned me or linked to me.

pub mod inbound;
