//! An inspection in parts is the same inspection, and commands have a turn in between.

use grokking::config::RawConfig;
use grokking::inspect::inside::Look;
use grokking::inspect::{Matrix, Method, Watch};
use grokking::session::{Command, Event, Inspected, Session};
use grokking::train::Hardware;

const EVERYTHING: Watch = Watch {
    structure: true,
    sharpness: true,
    gauge: true,
    // Not t-SNE: on several threads the crate adds its forces up in another order each time.
    points: Some((Matrix::Embedding, Method::Pca)),
    inside: Some(Look { layer: 0, neuron: Some(0) }),
    parts: true,
    clock: true,
};

/// After a few steps of a network that has more equations than are passed through it at once.
fn session(resting: bool) -> Session {
    let new = Session::new(Hardware::Cpu);
    // Any part takes longer than that.
    let mut session = if resting { new.resting_after(-1.0) } else { new };
    let settings = [("modulus", "13"), ("width", "16"), ("trainFraction", "0.9")];
    let settings = settings.map(|(id, value)| (id.to_string(), value.to_string())).into();
    let config = RawConfig { preset: None, settings };
    obey(&mut session, Command::Start { config, resume: None, from: None });
    // Otherwise the steps that are evaluated, and so when it had memorised, depend on how fast the machine is.
    obey(&mut session, Command::Pace { steps: Some(10), growing: false });
    obey(&mut session, Command::Step { steps: 30 });
    while session.is_running() {
        pollster::block_on(session.advance()).unwrap();
    }
    session
}

fn obey(session: &mut Session, command: Command) -> Vec<Event> {
    pollster::block_on(session.handle(command)).unwrap()
}

/// What was inspected, after how many turns.
fn look(session: &mut Session) -> (Box<Inspected>, usize) {
    let mut events = obey(session, Command::Watch { watch: EVERYTHING });
    for turn in 0.. {
        let found = events.into_iter().find_map(|event| match event {
            Event::Inspected(inspected) => Some(inspected),
            _ => None,
        });
        if let Some(inspected) = found {
            return (inspected, turn);
        }
        assert!(session.has_work());
        events = pollster::block_on(session.advance()).unwrap();
    }
    unreachable!()
}

#[test]
fn in_parts_or_at_once_it_is_the_same() {
    let (at_once, turns) = look(&mut session(false));
    assert_eq!(turns, 0);
    let mut resting = session(true);
    let (in_parts, turns) = look(&mut resting);
    assert!(turns > 100, "{turns} turns");
    assert_eq!(in_parts.inspection, at_once.inspection);
    assert!(!resting.has_work());
}

#[test]
fn what_is_asked_meanwhile_is_answered_and_the_inspection_comes() {
    let mut session = session(true);
    let expected = look(&mut session).0;
    assert!(obey(&mut session, Command::Watch { watch: EVERYTHING }).is_empty());
    for _ in 0..20 {
        assert!(pollster::block_on(session.advance()).unwrap().is_empty());
    }
    let answer = obey(&mut session, Command::Predict { x: 3, y: 5 });
    assert!(matches!(answer[..], [Event::Predicted { .. }]));
    let cut = Command::Ablate { cuts: vec!["mlp:0".into()], fill: Default::default() };
    assert!(matches!(obey(&mut session, cut)[..], [Event::Ablated { .. }]));
    assert!(!session.is_running() && session.has_work());
    let mut found = Vec::new();
    while session.has_work() {
        found.extend(pollster::block_on(session.advance()).unwrap());
    }
    let [Event::Inspected(inspected)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(inspected.inspection.inside, expected.inspection.inside);

    // What is looked at no more is not told.
    obey(&mut session, Command::Watch { watch: EVERYTHING });
    assert!(session.has_work());
    obey(&mut session, Command::Watch { watch: Watch::default() });
    assert!(!session.has_work());
}
