//! Cells in the order of the sheet, written as CSV text.

use super::{Limits, Problem, Sheet};

pub(super) struct SheetText {
    limits: Limits,
    text: Vec<u8>,
    /// Where each line ends, its line end included, and how many fields it has; 0 for a row without a value.
    lines: Vec<(usize, u32)>,
    first_row: Option<u32>,
    /// Row and column of the last value, from 0.
    last: Option<(u32, u32)>,
}

impl SheetText {
    pub fn new(limits: &Limits) -> Self {
        Self { limits: *limits, text: Vec::new(), lines: Vec::new(), first_row: None, last: None }
    }

    /// Adds a cell's value. Cells come by row, then column, both from 0; one without a value need not come.
    pub fn cell(&mut self, row: u32, column: u32, value: &str) -> Result<(), Problem> {
        if value.is_empty() {
            return Ok(());
        }
        let beyond = |what, index: u32, limit: u32, unit| -> Result<(), Problem> {
            let (found, limit) = (u64::from(index) + 1, u64::from(limit));
            if found > limit { Err(Problem::TooLarge { what, found, limit, unit }) } else { Ok(()) }
        };
        beyond("a sheet", row, self.limits.rows, "rows")?;
        beyond("a sheet", column, self.limits.columns, "columns")?;
        let commas = match self.last {
            Some((last, at)) if last == row => column - at,
            Some((last, _)) => {
                self.end_line();
                (last + 1..row).for_each(|_| self.blank_line());
                column
            }
            None => {
                self.first_row = Some(row);
                column
            }
        };
        self.text.extend(std::iter::repeat_n(b',', commas as usize));
        self.last = Some((row, column));
        self.field(value);
        let (found, limit) = (self.text.len() as u64, self.limits.sheet_text_bytes);
        if found > limit {
            return Err(Problem::TooLarge { what: "a sheet", found, limit, unit: "bytes of text" });
        }
        Ok(())
    }

    fn field(&mut self, value: &str) {
        if memchr::memchr3(b',', b'"', b'\n', value.as_bytes()).is_none() && !value.contains('\r') {
            self.text.extend_from_slice(value.as_bytes());
            return;
        }
        self.text.push(b'"');
        for byte in value.bytes() {
            if byte == b'"' {
                self.text.push(b'"');
            }
            self.text.push(byte);
        }
        self.text.push(b'"');
    }

    fn end_line(&mut self) {
        self.text.push(b'\n');
        self.lines.push((self.text.len(), self.last.map_or(0, |(_, column)| column + 1)));
    }

    fn blank_line(&mut self) {
        self.text.push(b'\n');
        self.lines.push((self.text.len(), 0));
    }

    /// The sheet, each record padded to the width of the widest.
    pub fn finish(mut self) -> Sheet {
        if self.last.is_some() {
            self.end_line();
        }
        let columns = self.lines.iter().map(|(_, fields)| *fields).max().unwrap_or(0);
        let (rows, first_row) = (self.lines.len() as u64, self.first_row.map_or(1, |row| row + 1));
        let missing = |fields: u32| if fields == 0 { 0 } else { (columns - fields) as usize };
        let padding: usize = self.lines.iter().map(|(_, fields)| missing(*fields)).sum();
        if padding == 0 {
            return Sheet { text: self.text, rows, first_row, columns };
        }
        let mut text = Vec::with_capacity(self.text.len() + padding);
        let mut start = 0;
        for (end, fields) in self.lines {
            text.extend_from_slice(&self.text[start..end - 1]);
            text.extend(std::iter::repeat_n(b',', missing(fields)));
            text.push(b'\n');
            start = end;
        }
        Sheet { text, rows, first_row, columns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_padded_and_blank_rows_are_empty_lines() {
        type Cells = &'static [(u32, u32, &'static str)];
        let cases: [(Cells, &str, u64, u32, u32); 6] = [
            (&[], "", 0, 1, 0),
            (&[(0, 0, "a"), (0, 1, "b"), (1, 0, "1"), (1, 1, "2")], "a,b\n1,2\n", 2, 1, 2),
            (&[(2, 1, "title"), (5, 0, "a"), (5, 2, "c")], ",title,\n\n\na,,c\n", 4, 3, 3),
            (&[(0, 0, "x"), (0, 1, ""), (3, 5, "")], "x\n", 1, 1, 1),
            (
                &[(0, 0, "a,b"), (0, 1, "5\" pipe"), (1, 0, "two\nlines"), (1, 1, "\r")],
                "\"a,b\",\"5\"\" pipe\"\n\"two\nlines\",\"\r\"\n",
                2,
                1,
                2,
            ),
            (&[(0, 3, "d"), (1, 0, " ")], ",,,d\n ,,,\n", 2, 1, 4),
        ];
        for (cells, text, rows, first_row, columns) in cases {
            let mut sheet = SheetText::new(&Limits::default());
            cells.iter().for_each(|(row, column, value)| sheet.cell(*row, *column, value).unwrap());
            assert_eq!(sheet.finish(), Sheet { text: text.as_bytes().to_vec(), rows, first_row, columns }, "{cells:?}");
        }
    }

    #[test]
    fn what_is_beyond_the_limits_is_refused() {
        let limits = Limits { sheet_text_bytes: 10, rows: 3, columns: 2, ..Limits::default() };
        for (row, column, value, message) in [
            (3, 0, "x", "has a sheet of 4 rows or more, beyond the limit of 3"),
            (0, 2, "x", "has a sheet of 3 columns or more, beyond the limit of 2"),
            (0, 0, "eleven char", "has a sheet of 11 bytes of text or more, beyond the limit of 10"),
        ] {
            let refused = SheetText::new(&limits).cell(row, column, value).unwrap_err();
            assert_eq!(refused.to_string(), message);
        }
    }
}
