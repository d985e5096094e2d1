//! Tables worked by hand.

use super::*;

/// Cells as `name count`, after a sign for what they are: nothing a unit, `+` a total, `?` unallocated, `=` known, `-` inner.
pub(super) fn table(cells: &str, sums: &[&str]) -> Table {
    let mut table = Table::default();
    let mut words = cells.split_whitespace();
    while let (Some(name), Some(count)) = (words.next(), words.next()) {
        let role = match &name[..1] {
            "+" => Role::Offered(Loss::Total),
            "?" => Role::Offered(Loss::Unallocated),
            "=" => Role::Known,
            "-" => Role::Inner,
            _ => Role::Offered(Loss::Part),
        };
        table.cells.push(Cell {
            id: name.trim_start_matches(['+', '?', '=', '-']).to_owned(),
            count: count.parse().unwrap(),
            role,
        });
    }
    for sum in sums {
        let (whole, parts) = sum.split_once(" = ").unwrap();
        table.relations.push(Relation::sum(whole, parts.split(" + ")));
    }
    table
}

fn protected(table: &Table, earlier: &Disclosed) -> Protection {
    protect(table, earlier).unwrap()
}

/// The withheld cells in the order of their names, with the first letter of why.
fn withheld(protection: &Protection) -> String {
    let letters = protection.cells.iter().filter_map(|(id, fate)| match fate {
        Fate::Shown | Fate::Inner => None,
        Fate::Primary => Some(format!("{id}:p")),
        Fate::Secondary => Some(format!("{id}:s")),
        Fate::Kept => Some(format!("{id}:k")),
    });
    letters.collect::<Vec<_>>().join(" ")
}

#[test]
fn small_counts_go_and_take_the_cheapest_with_them() {
    let total: &[&str] = &["T = A + B + C"];
    let unallocated: &[&str] = &["T = A + B + U"];
    for (cells, sums, expected, why) in [
        ("+T 30 A 8 B 9 C 13", total, "", "nothing is small"),
        ("+T 20 A 3 B 7 C 10", total, "A:p B:s", "20 - 7 - 10 = 3: the smaller of the two others goes"),
        ("+T 20 A 3 B 7 ?U 10", unallocated, "A:p U:s", "what is not allocated goes first"),
        ("+T 20 A 0 B 9 C 11", total, "A:p B:s", "a zero is under 5"),
        ("+T 20 =A 0 B 9 C 11", total, "", "but not one that everybody knows"),
        ("+T 20 A 4 B 5 C 11", total, "A:p B:s", "5 is shown by itself; beside a 4 it goes"),
        ("+T 24 A 3 B 2 C 19", total, "A:p B:p", "5 left: each may be 0 to 5, which holds 0 to 4"),
        ("+T 23 A 3 B 1 C 19", total, "A:p B:p", "4 left: just enough"),
        ("+T 22 A 2 B 1 C 19", total, "A:p B:p C:s", "3 left: neither could be 4"),
        ("+T 3 A 2 B 1 C 0", total, "A:p B:p C:p T:p", "all is small"),
        ("+T 5 A 3 B 2 C 0", total, "A:p B:p C:p", "the total can stay"),
        ("A 3 B 7", &[], "A:p", "nothing ties the two"),
    ] {
        let protection = protected(&table(cells, sums), &Disclosed::default());
        assert_eq!(withheld(&protection), expected, "{cells}: {why}");
        assert_eq!(protection.unmet, [], "{cells}");
    }
}

/// ```text
///  3 10 20 |  33
/// 11 12 30 |  53
/// 21 31 40 |  92
/// 35 53 90 | 178
/// ```
const SQUARE: &str =
    "a1 3 a2 10 a3 20 +a 33 b1 11 b2 12 b3 30 +b 53 c1 21 c2 31 c3 40 +c 92 +x1 35 +x2 53 +x3 90 +x 178";
const SQUARE_SUMS: &[&str] = &[
    "a = a1 + a2 + a3",
    "b = b1 + b2 + b3",
    "c = c1 + c2 + c3",
    "x = x1 + x2 + x3",
    "x1 = a1 + b1 + c1",
    "x2 = a2 + b2 + c2",
    "x3 = a3 + b3 + c3",
    "x = a + b + c",
];

#[test]
fn with_two_margins_a_rectangle_goes() {
    // Rows and columns both give the 3 away: a second in its row, one in its column, and the fourth corner.
    let protection = protected(&table(SQUARE, SQUARE_SUMS), &Disclosed::default());
    assert_eq!(withheld(&protection), "a1:p a2:s b1:s b2:s");
}

#[test]
fn a_hierarchy_is_protected_on_each_level() {
    // Area P has teams 2 and 6; area Q has 3, all of its one team, so another area must go with it. With P withheld its
    // team of 6 can stay: what is left, 60 - 49 - 6 = 5, is the 2 of P and the 3 of Q in any way.
    let sums: &[&str] = &["T = P + Q + R", "P = p1 + p2", "Q = q1", "R = r1 + r2"];
    let cells = "+T 60 P 8 Q 3 R 49 p1 2 p2 6 q1 3 r1 20 r2 29";
    assert_eq!(withheld(&protected(&table(cells, sums), &Disclosed::default())), "P:s Q:p p1:p q1:p");
}

#[test]
fn what_is_not_in_the_numerator_is_protected_too() {
    let rate = |id: &str, numerator: &str, denominator: &str| Rate {
        id: id.to_owned(),
        denominator: denominator.to_owned(),
        rests_on: vec![numerator.to_owned()],
    };
    // 48 of 50 leaves 2 persons; 30 of 60 leaves nobody small; 20 of 40 is too few for a rate.
    let mut table = table(
        "n 48 -rest 2 d 50 n2 30 -rest2 30 d2 60 n3 20 -rest3 20 d3 40",
        &["d = n + rest", "d2 = n2 + rest2", "d3 = n3 + rest3"],
    );
    table.rates = vec![rate("r", "n", "d"), rate("r2", "n2", "d2"), rate("r3", "n3", "d3")];
    let protection = protected(&table, &Disclosed::default());
    assert_eq!(withheld(&protection), "d:s");
    let fates: Vec<RateFate> = protection.rates.values().copied().collect();
    assert_eq!(fates, [RateFate::Suppressed, RateFate::Shown, RateFate::SmallDenominator]);
}

#[test]
fn builds_are_not_subtracted_from_each_other() {
    let sums: &[&str] = &["T = A + B + C"];
    for (builds, expected, why) in [
        (
            &["+T 18 A 6 B 7 C 5", "+T 17 A 6 B 7 C 4"][..],
            "C:p T:s",
            "A and B are known from the build before, so the total has to go",
        ),
        (&["+T 18 A 6 B 7 C 5", "+T 18 A 6 B 8 C 4"], "B:s C:p", "the total is known, B was revised and can hide"),
        (&["+T 30 A 3 B 7 C 20", "+T 35 A 8 B 7 C 20"], "A:k B:k", "B, not revised, gives away the 3 of the first"),
        (&["+T 30 A 3 B 7 C 20", "+T 30 A 3 B 7 C 20"], "A:p B:k", "nothing has changed"),
        (&["+T 30 A 3 B 7 C 20", "+T 30 A 3 B 10 C 17"], "A:p B:k", "C may be shown again, revised"),
        (
            &["+T 30 A 3 B 7 C 20", "+T 40 A 8 B 12 C 20", "+T 41 A 8 B 13 C 20"],
            "A:k B:k",
            "withheld once, withheld for good",
        ),
    ] {
        let mut disclosed = Disclosed::default();
        let mut last = String::new();
        for cells in builds {
            let protection = protected(&table(cells, sums), &disclosed);
            assert_eq!(protection.unmet, [], "{builds:?}");
            last = withheld(&protection);
            disclosed = protection.disclosed;
        }
        assert_eq!(last, expected, "{builds:?}: {why}");
    }
}

#[test]
fn growth_of_a_period_is_a_cell() {
    // The year to date to May was shown; June had 3, which is not for publication. The year to June gives it away.
    let first = protected(&table("-apr 12 -may 8 to_may 20", &["to_may = apr + may"]), &Disclosed::default());
    assert_eq!(withheld(&first), "");
    let grown = table("-apr 12 -may 8 -jun 3 to_may 20 to_jun 23", &["to_may = apr + may", "to_jun = to_may + jun"]);
    assert_eq!(withheld(&protected(&grown, &first.disclosed)), "to_jun:s");
    // Rolling years differ by two months of which neither is known: 40 - 36 leaves a June of 0 to 36.
    let sums: &[&str] = &["to_may = a + rest", "to_jun = rest + jun"];
    let rolling = protected(&table("-a 7 -rest 33 -jun 3 to_may 40 to_jun 36", sums), &Disclosed::default());
    assert_eq!(withheld(&rolling), "");
}

#[test]
fn what_cannot_be_protected_is_told() {
    // Everybody knows the total: neither of the two can be 4, whatever is withheld.
    let protection = protected(&table("=T 3 A 2 B 1", &["T = A + B"]), &Disclosed::default());
    let unmet = |id: &str, count| Unmet { id: id.to_owned(), count, lowest: 0, highest: 3 };
    assert_eq!(protection.unmet, [unmet("A", 2), unmet("B", 1)]);
    // An earlier build has shown all that the count follows from.
    let first = protected(&table("+T 18 A 6 B 7 C 5", &["T = A + B + C"]), &Disclosed::default());
    let second = protected(&table("+T 18 A 6 B 7 C 3 =D 2", &["T = A + B + C + D"]), &first.disclosed);
    assert_eq!(second.unmet, [Unmet { id: "C".to_owned(), count: 3, lowest: 3, highest: 3 }]);
}

#[test]
fn a_table_that_contradicts_itself_is_a_fault() {
    for (cells, sums, fault) in [
        ("T 20 A 3 B 7", &["T = A + B"][..], Fault::Untrue("T".to_owned())),
        ("T 20 A 3", &["T = A + B"], Fault::NoCell("B".to_owned())),
        ("T 20 T 20", &[], Fault::CellTwice("T".to_owned())),
        ("T 99999999999999", &[], Fault::TooGreat("T".to_owned())),
    ] {
        assert_eq!(protect(&table(cells, sums), &Disclosed::default()), Err(fault), "{cells}");
    }
    let nameless = Rate { id: "r".to_owned(), denominator: "D".to_owned(), rests_on: Vec::new() };
    let table = Table { rates: vec![nameless], ..Table::default() };
    assert_eq!(protect(&table, &Disclosed::default()), Err(Fault::NoCell("D".to_owned())));
    let torn = Disclosed {
        relations: vec![vec![Term { id: "A".to_owned(), revision: 0, factor: 1 }]],
        ..Disclosed::default()
    };
    assert_eq!(protect(&Table::default(), &torn), Err(Fault::NoCell("A".to_owned())));
}

#[test]
fn the_record_is_a_table_that_can_be_kept() {
    let protection = protected(&table("+T 20 A 3 B 7 C 10", &["T = A + B + C"]), &Disclosed::default());
    let text = serde_json::to_string(&protection.disclosed).unwrap();
    assert_eq!(serde_json::from_str::<Disclosed>(&text).unwrap(), protection.disclosed);
    let cell = |id: &str, count, standing| DisclosedCell { id: id.to_owned(), revision: 0, count, standing };
    assert_eq!(
        protection.disclosed.cells,
        [
            cell("A", 3, Standing::Withheld),
            cell("B", 7, Standing::Withheld),
            cell("C", 10, Standing::Shown),
            cell("T", 20, Standing::Shown),
        ]
    );
    // The same build again changes nothing of it.
    let again = protected(&table("+T 20 A 3 B 7 C 10", &["T = A + B + C"]), &protection.disclosed);
    assert_eq!(again.disclosed, protection.disclosed);
}

#[test]
fn shorthand_does_not_say_why() {
    for (fate, shorthand) in
        [(Fate::Shown, None), (Fate::Primary, Some("[c]")), (Fate::Secondary, Some("[c]")), (Fate::Kept, Some("[c]"))]
    {
        assert_eq!(fate.shorthand(), shorthand);
    }
    assert_eq!(RateFate::SmallDenominator.shorthand(), Some("[x]"));
}
