use super::*;
use proptest::prelude::*;

fn offered(calls_per_hour: f64, handling_seconds: f64) -> Offered {
    Offered::new(calls_per_hour, handling_seconds).unwrap()
}

fn near(found: f64, expected: f64, rounding: f64) {
    assert!((found - expected).abs() <= rounding, "found {found}, expected {expected}");
}

/// By hand: B(1) = a/(1 + a), B(2) = a²/(2 + 2a + a²).
#[test]
fn the_loss_formula() {
    for (erlangs, handlers, expected) in
        [(0.5, 1, 1.0 / 3.0), (2.0, 2, 0.4), (3.0, 0, 1.0), (0.0, 3, 0.0), (0.0, 0, 1.0)]
    {
        near(loss(erlangs, handlers), expected, 1e-15);
    }
    // So much smaller than a load can be that it cannot be told from 0.
    assert_eq!(loss(1e-9, 2_000), 0.0);
}

#[test]
fn no_load_waits_for_nobody_and_still_needs_somebody() {
    let (none, target) = (offered(0.0, 480.0), Target { share: 0.9, seconds: 10.0 });
    let (patient, impatient) = (c::queue(none, 1).unwrap(), a::queue(none, 45.0, 1).unwrap());
    assert_eq!((patient.waiting_share, patient.mean_wait_seconds(), patient.occupancy()), (0.0, 0.0, 0.0));
    assert_eq!((impatient.waiting_share, impatient.abandoned_share, impatient.mean_wait_seconds()), (0.0, 0.0, 0.0));
    assert_eq!((patient.service_level(0.0), impatient.service_level(0.0)), (Ok(1.0), Ok(1.0)));
    assert_eq!((c::handlers_needed(none, target), a::handlers_needed(none, 45.0, target)), (Ok(1), Ok(1)));
    assert_eq!(c::queue(none, 0), Err(Undefined::QueueGrows));
}

#[test]
fn a_load_that_handlers_cannot_carry() {
    let load = offered(30.0, 480.0);
    for handlers in [0, 3, 4] {
        assert_eq!(c::queue(load, handlers), Err(Undefined::QueueGrows), "{handlers}");
    }
    assert!(c::queue(load, 5).is_ok());
    // Callers who give up carry what handlers do not.
    let overload = a::queue(load, 45.0, 2).unwrap();
    assert!(overload.abandoned_share > 0.5 && overload.occupancy().unwrap() < 1.0);
    let nobody = a::queue(load, 45.0, 0).unwrap();
    assert_eq!((nobody.waiting_share, nobody.abandoned_share, nobody.occupancy()), (1.0, 1.0, None));
    assert_eq!((nobody.service_level(10.0), nobody.mean_wait_seconds()), (Ok(0.0), 45.0));
}

#[test]
fn what_is_no_load_or_target_has_a_reason() {
    for (calls, seconds, expected) in [
        (f64::NAN, 480.0, Undefined::NotFinite),
        (1e300, 1e300, Undefined::NotFinite),
        (-1.0, 480.0, Undefined::NegativeCount),
        (1.0, 0.0, Undefined::NegativeTime),
    ] {
        assert_eq!(Offered::new(calls, seconds), Err(expected), "{calls} {seconds}");
    }
    let load = offered(30.0, 480.0);
    for (share, seconds, expected) in [
        (0.0, 10.0, Undefined::OutOfRange),
        (1.0, 10.0, Undefined::OutOfRange),
        (f64::NAN, 10.0, Undefined::OutOfRange),
        (0.9, -1.0, Undefined::NegativeTime),
        (0.9, f64::NAN, Undefined::NotFinite),
    ] {
        let target = Target { share, seconds };
        assert_eq!(c::handlers_needed(load, target), Err(expected), "{target:?}");
        assert_eq!(a::handlers_needed(load, 45.0, target), Err(expected), "{target:?}");
    }
    for (patience, expected) in [
        (0.0, Undefined::NegativeTime),
        (-1.0, Undefined::NegativeTime),
        (f64::INFINITY, Undefined::NotFinite),
        (1e300, Undefined::OutOfRange),
    ] {
        assert_eq!(a::queue(load, patience, 5), Err(expected), "{patience}");
    }
    let beyond = offered(3600.0, 2.0 * f64::from(MOST_HANDLERS));
    assert_eq!(c::handlers_needed(beyond, Target { share: 0.9, seconds: 10.0 }), Err(Undefined::OutOfRange));
}

/// Calls an hour, handling seconds and handlers: from a lone call to thousands of erlangs, too few handlers and too many.
fn loads() -> impl Strategy<Value = (Offered, u32)> {
    let calls = prop_oneof![4 => 0.0..200.0_f64, 1 => 0.0..40_000.0_f64];
    (calls, 20.0..900.0_f64, 0.3..1.8_f64, 0_u32..6).prop_map(|(calls, seconds, part, more)| {
        let load = offered(calls, seconds);
        (load, (load.erlangs() * part) as u32 + more + 1)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn one_handler_more_never_does_worse((load, handlers) in loads(), patience in 1.0..2_000.0_f64, seconds in 0.0..200.0_f64) {
        let (fewer, more) = (a::queue(load, patience, handlers).unwrap(), a::queue(load, patience, handlers + 1).unwrap());
        let level = |queue: a::Queue| queue.service_level(seconds).unwrap();
        prop_assert!(level(more) >= level(fewer) - 1e-12);
        prop_assert!(more.abandoned_share <= fewer.abandoned_share + 1e-12);
        if let Ok(fewer) = c::queue(load, handlers) {
            let more = c::queue(load, handlers + 1).unwrap();
            prop_assert!(more.service_level(seconds).unwrap() >= fewer.service_level(seconds).unwrap() - 1e-12);
            prop_assert!(more.mean_wait_seconds() <= fewer.mean_wait_seconds());
        }
    }

    #[test]
    fn shares_are_shares_and_balance((load, handlers) in loads(), patience in 1.0..2_000.0_f64) {
        let queue = a::queue(load, patience, handlers).unwrap();
        let at_once = queue.service_level(0.0).unwrap();
        let in_the_end = queue.service_level(f64::INFINITY).unwrap();
        prop_assert!((at_once + queue.waiting_share - 1.0).abs() < 1e-12);
        prop_assert!((in_the_end + queue.abandoned_share - 1.0).abs() < 1e-12);
        prop_assert!(0.0 <= at_once && at_once <= in_the_end && in_the_end <= 1.0);
        prop_assert!(queue.occupancy().unwrap() <= 1.0 + 1e-12);
    }

    #[test]
    fn endless_patience_is_erlang_c((load, handlers) in loads(), seconds in 0.0..200.0_f64) {
        // Apart from loads so near to the handlers that the queue is longer than any patience.
        prop_assume!(load.erlangs() < 0.98 * f64::from(handlers));
        let (patient, limit) = (a::queue(load, 1e10, handlers).unwrap(), c::queue(load, handlers).unwrap());
        prop_assert!((patient.waiting_share - limit.waiting_share).abs() < 1e-4);
        prop_assert!((patient.service_level(seconds).unwrap() - limit.service_level(seconds).unwrap()).abs() < 1e-4);
        prop_assert!((patient.mean_wait_seconds() - limit.mean_wait_seconds()).abs() <= 1e-3 * limit.mean_wait_seconds() + 1e-9);
    }

    #[test]
    fn the_number_needed_is_the_least((load, _) in loads(), patience in 1.0..2_000.0_f64, share in 0.05..0.999_f64) {
        let target = Target { share, seconds: 10.0 };
        let reached = |handlers: u32| a::queue(load, patience, handlers).unwrap().service_level(10.0).unwrap() >= share;
        let needed = a::handlers_needed(load, patience, target).unwrap();
        prop_assert!(reached(needed) && !(needed > 1 && reached(needed - 1)));
        let reached = |handlers: u32| c::queue(load, handlers).is_ok_and(|q| q.service_level(10.0).unwrap() >= share);
        let needed = c::handlers_needed(load, target).unwrap();
        prop_assert!(reached(needed) && !(needed > 1 && reached(needed - 1)));
    }
}
