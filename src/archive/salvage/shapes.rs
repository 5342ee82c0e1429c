//! Whose row is it: each table is known by the number and the types of its columns, which its
//! schema tells.

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::cells::Cell;

/// Columns that hold instants.
const INSTANTS: [&str; 14] = [
    "at",
    "checked",
    "due",
    "failing_since",
    "first_read",
    "instant",
    "next_check",
    "not_before",
    "now",
    "published",
    "seen",
    "succeeded",
    "until",
    "since",
];

/// The types of a row's columns, for each table.
pub(crate) struct Shapes {
    shapes: Vec<Shape>,
}

/// One table.
pub(crate) struct Shape {
    /// Its name.
    pub(crate) table: String,
    columns: Vec<Column>,
    /// Columns that a row has at least: others were added later.
    least: usize,
    has_rowid: bool,
}

struct Column {
    name: String,
    kind: Kind,
    may_be_null: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// Stands for the row's number, and is stored as NULL.
    Key,
    Integer,
    Instant,
    Text,
    /// So many bytes.
    Bytes(usize),
}

impl Column {
    fn fits(&self, value: &Value) -> bool {
        match (value, self.kind) {
            (Value::Null, Kind::Key) => true,
            (Value::Null, _) => self.may_be_null,
            (Value::Integer(micros), Kind::Instant) => {
                *micros == i64::MAX || Timestamp::from_microsecond(*micros).is_ok()
            }
            (Value::Blob(bytes), Kind::Bytes(count)) => bytes.len() == count,
            (Value::Integer(_), Kind::Integer) | (Value::Text(_), Kind::Text) => true,
            _ => false,
        }
    }
}

impl Shapes {
    /// Reads the schema of `steps`, one for each format.
    pub(crate) fn of(steps: &[&str]) -> rusqlite::Result<Shapes> {
        let connection = Connection::open_in_memory()?;
        let mut shapes: Vec<Shape> = Vec::new();
        for step in steps {
            connection.execute_batch(step)?;
            for mut shape in shapes_of(&connection)? {
                match shapes.iter_mut().find(|known| known.table == shape.table) {
                    Some(known) => {
                        shape.least = known.least;
                        *known = shape;
                    }
                    None => shapes.push(shape),
                }
            }
        }
        Ok(Shapes { shapes })
    }

    /// The table whose row `cell` is, if it is one's.
    pub(crate) fn whose(&self, cell: &Cell) -> Option<&Shape> {
        self.shapes.iter().find(|shape| shape.fits(cell))
    }
}

impl Shape {
    fn fits(&self, cell: &Cell) -> bool {
        self.has_rowid == cell.rowid.is_some()
            && (self.least..=self.columns.len()).contains(&cell.values.len())
            && cell.values.iter().zip(&self.columns).all(|(value, column)| column.fits(value))
    }

    /// The columns of `cell` as they are to be written, all of them.
    pub(crate) fn row(&self, cell: Cell) -> Vec<Value> {
        let mut values = cell.values;
        values.resize(self.columns.len(), Value::Null);
        for (value, column) in values.iter_mut().zip(&self.columns) {
            if let (Kind::Key, Some(rowid)) = (column.kind, cell.rowid) {
                *value = Value::Integer(rowid);
            }
        }
        values
    }

    /// The place of the column `name` in a row.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Writes a row where its key is not taken.
    pub(crate) fn insert(&self) -> String {
        let places = vec!["?"; self.columns.len()].join(", ");
        format!("INSERT OR IGNORE INTO {} VALUES ({places})", self.table)
    }
}

fn shapes_of(connection: &Connection) -> rusqlite::Result<Vec<Shape>> {
    let mut tables = connection.prepare(
        "SELECT name, wr FROM pragma_table_list \
         WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )?;
    let tables = tables.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    tables.map(|table| table.and_then(|(name, bare)| shape(connection, name, bare))).collect()
}

fn shape(connection: &Connection, table: String, bare: bool) -> rusqlite::Result<Shape> {
    let mut info =
        connection.prepare("SELECT name, type, \"notnull\", pk FROM pragma_table_info(?)")?;
    let columns = info.query_map([&table], |row| {
        let (name, kind): (String, String) = (row.get(0)?, row.get(1)?);
        let (filled, pk): (bool, i64) = (row.get(2)?, row.get(3)?);
        let kind = match kind.as_str() {
            "INTEGER" if pk == 1 && !bare => Kind::Key,
            "INTEGER" if INSTANTS.contains(&name.as_str()) => Kind::Instant,
            "INTEGER" => Kind::Integer,
            "BLOB" if name == "content" => Kind::Bytes(24),
            "BLOB" => Kind::Bytes(16),
            _ => Kind::Text,
        };
        Ok(Column { name, kind, may_be_null: !filled && pk == 0 })
    })?;
    let columns = columns.collect::<rusqlite::Result<Vec<Column>>>()?;
    Ok(Shape { table, least: columns.len(), columns, has_rowid: !bare })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::opening::FORMATS;

    /// Whether one row could be both's.
    fn meet(one: &Shape, other: &Shape) -> bool {
        let fit = |one: &Column, other: &Column| {
            let number = |kind| matches!(kind, Kind::Integer | Kind::Instant);
            let nulls = [one, other].map(|it| it.may_be_null || it.kind == Kind::Key);
            let same = one.kind == other.kind || (number(one.kind) && number(other.kind));
            (nulls[0] && nulls[1]) || (same && one.kind != Kind::Key)
        };
        one.has_rowid == other.has_rowid
            && one.least.max(other.least) <= one.columns.len().min(other.columns.len())
            && one.columns.iter().zip(&other.columns).all(|(one, other)| fit(one, other))
    }

    /// The entries of an index are rows without numbers: its columns, then the row's key.
    fn entries(connection: &Connection, shapes: &[Shape]) -> Vec<Shape> {
        let query = "SELECT l.name, t.name FROM pragma_table_list t, pragma_index_list(t.name) l \
             WHERE t.schema = 'main' AND (l.origin != 'pk' OR NOT t.wr)";
        let mut indexes = connection.prepare(query).unwrap();
        let indexes = indexes.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let indexes: Vec<(String, String)> = indexes.map(Result::unwrap).collect();
        let of = |(index, table): (String, String)| {
            let known = shapes.iter().find(|shape| shape.table == table).unwrap();
            let mut info = connection.prepare("SELECT name FROM pragma_index_xinfo(?)").unwrap();
            let names = info.query_map([&index], |row| row.get(0)).unwrap();
            let columns = names.map(|name: rusqlite::Result<Option<String>>| {
                let named = name.unwrap().and_then(|name| known.column(&name));
                let (kind, may_be_null) = named.map_or((Kind::Integer, false), |at| {
                    let column = &known.columns[at];
                    (column.kind, column.may_be_null)
                });
                let kind = if kind == Kind::Key { Kind::Integer } else { kind };
                Column { name: String::new(), kind, may_be_null }
            });
            let columns: Vec<Column> = columns.collect();
            Shape { table: index, least: columns.len(), columns, has_rowid: false }
        };
        indexes.into_iter().map(of).collect()
    }

    #[test]
    fn no_row_could_be_of_two_tables_nor_an_entry_of_an_index_be_a_row() {
        let Shapes { shapes } = Shapes::of(&FORMATS).unwrap();
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&FORMATS.concat()).unwrap();
        let entries = entries(&connection, &shapes);
        assert!(shapes.len() > 15 && entries.len() > 10, "{} {}", shapes.len(), entries.len());
        for (at, one) in shapes.iter().enumerate() {
            for other in shapes[at + 1..].iter().chain(&entries) {
                assert!(!meet(one, other), "{} and {}", one.table, other.table);
            }
        }
    }
}
