//! Figures on labelled data, one file for each task.
