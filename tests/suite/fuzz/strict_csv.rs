//! CSV read by the letter of RFC 4180, and by nothing that the program uses: what its readers are compared with.

/// The fields of every record, undoubled; lines without a byte on them are none. `None` where the text is not well-formed:
/// a quote inside a bare field or behind a closed one, a quote never closed, a carriage return alone.
pub fn read(text: &[u8]) -> Option<Vec<Vec<Vec<u8>>>> {
    let (mut records, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let (mut record, first) = (Vec::new(), at);
        loop {
            let (field, end) = if text.get(at) == Some(&b'"') { quoted(text, at + 1)? } else { bare(text, at)? };
            record.push(field);
            at = end;
            if text.get(at) != Some(&b',') {
                break;
            }
            at += 1;
        }
        let blank = at == first;
        at += match &text[at..] {
            [] => 0,
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            _ => return None,
        };
        if !blank {
            records.push(record);
        }
    }
    Some(records)
}

fn bare(text: &[u8], start: usize) -> Option<(Vec<u8>, usize)> {
    let length = text[start..].iter().position(|b| b",\"\r\n".contains(b)).unwrap_or(text.len() - start);
    let end = start + length;
    (text.get(end) != Some(&b'"')).then(|| (text[start..end].to_vec(), end))
}

fn quoted(text: &[u8], mut at: usize) -> Option<(Vec<u8>, usize)> {
    let mut field = Vec::new();
    loop {
        match (text.get(at)?, text.get(at + 1)) {
            (b'"', Some(b'"')) => {
                field.push(b'"');
                at += 2;
            }
            (b'"', None | Some(b',' | b'\r' | b'\n')) => return Some((field, at + 1)),
            (b'"', Some(_)) => return None,
            (other, _) => {
                field.push(*other);
                at += 1;
            }
        }
    }
}

#[test]
fn the_strict_reader_reads_what_the_standard_says() {
    type Case = (&'static str, Option<&'static [&'static [&'static str]]>);
    let cases: [Case; 12] = [
        ("a,b\r\n1,2\r\n", Some(&[&["a", "b"], &["1", "2"]])),
        ("a\n\n\"x\ny\",\n", Some(&[&["a"], &["x\ny", ""]])),
        ("\"a\"\"b\"", Some(&[&["a\"b"]])),
        ("\"\"\n", Some(&[&[""]])),
        ("a,", Some(&[&["a", ""]])),
        ("", Some(&[])),
        (",\n", Some(&[&["", ""]])),
        ("\"a", None),
        ("\"a\"b", None),
        ("a\"b", None),
        ("a\rb\n", None),
        ("\"a\r\nb\"\r\n", Some(&[&["a\r\nb"]])),
    ];
    for (text, expected) in cases {
        let found = read(text.as_bytes());
        let found = found.map(|records| -> Vec<Vec<String>> {
            let text = |field: Vec<u8>| String::from_utf8(field).unwrap();
            records.into_iter().map(|r| r.into_iter().map(text).collect()).collect()
        });
        let expected = expected.map(|e| e.iter().map(|r| r.iter().map(|f| (*f).to_owned()).collect()).collect());
        assert_eq!(found, expected, "{text:?}");
    }
}
