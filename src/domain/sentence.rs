//! Sentences for people.

/// The words with their first letter as a sentence begins.
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_with_a_capital() {
        for (words, expected) in [("", ""), ("a b", "A b"), ("3 rows", "3 rows"), ("éa", "Éa"), ("A", "A")] {
            assert_eq!(capitalised(words), expected);
        }
    }
}
