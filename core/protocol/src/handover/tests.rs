use super::*;
use crate::exchange::PushItem;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use rounds_model::edit::Edit;
use rounds_model::ids::{ActorId, PublicKey};

const TEAM: TeamId = TeamId([1; 16]);
const BLOB: usize = 3 * PIECE / 2;

fn secret() -> TeamSecret {
    TeamSecret([7; 32])
}

fn device() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn item(n: u64) -> Packed {
    let actor = ActorId([2; 16]);
    let (deps, puts) = (vec![], vec![]);
    let (doc, spent) = (DocId([1; 16]), Default::default());
    let edit = Edit { doc, actor, seq: n, deps, start_op: 1, time: 1, puts, spent, check: [0; 8] };
    PushItem::Edit(edit).pack().unwrap()
}

fn parts() -> Vec<Part> {
    let blob = Part::Blob { doc: DocId([1; 16]), hash: BlobHash([3; 32]), size: BLOB as u64 };
    vec![
        Part::Items(vec![item(1), item(2)]),
        Part::Items(vec![item(3)]),
        blob,
        Part::Piece(vec![5; PIECE]),
        Part::Piece(vec![6; BLOB - PIECE]),
    ]
}

fn head() -> Head {
    Head { device: DeviceId([4; 16]), made_ms: 1, items: 3, blobs: 1, left_out: 0 }
}

fn bundle(head: Head, parts: &[Part]) -> Vec<u8> {
    let mut writer = Writer::begin(vec![], &secret().public(), TEAM, head, [8; 32]).unwrap();
    parts.iter().for_each(|part| writer.part(part).unwrap());
    writer.end(&device()).unwrap()
}

fn read(bytes: &[u8]) -> Result<Vec<Part>, BadBundle> {
    let mut reader = Reader::open(bytes, &secret(), TEAM)?;
    let mut parts = vec![];
    while let Some(part) = reader.part()? {
        parts.push(part);
    }
    let key = PublicKey(device().verifying_key().to_bytes());
    Reader::open(bytes, &secret(), TEAM)?.check()?.verify(&key)?;
    Ok(parts)
}

/// Where each part begins, and the end.
fn places(bytes: &[u8]) -> Vec<usize> {
    let mut at = HEADER;
    let mut places = vec![at];
    while at < bytes.len() - outside::TRAILER {
        let length: [u8; 4] = bytes[at..at + 4].try_into().unwrap();
        at += 4 + u32::from_be_bytes(length) as usize;
        places.push(at);
    }
    places
}

#[test]
fn a_bundle_comes_back_as_it_was() {
    let bytes = bundle(head(), &parts());
    assert_eq!(read(&bytes).unwrap(), parts());
    let whole = Reader::open(&bytes[..], &secret(), TEAM).unwrap().check().unwrap();
    assert_eq!(whole.head, head());
    assert_eq!(team_of(&mut &bytes[..]).unwrap(), TEAM);
    assert!(!bytes.windows(16).any(|w| w == head().device.0), "whose it is cannot be seen from outside");
}

#[test]
fn a_table_of_bad_bundles() {
    let good = bundle(head(), &parts());
    let at = places(&good);
    let cut = |n: usize| good[..n].to_vec();
    let without = |n: usize| [&good[..at[n]], &good[at[n + 1]..]].concat();
    let mut swapped = good[..at[1]].to_vec();
    swapped.extend_from_slice(&good[at[2]..at[3]]);
    swapped.extend_from_slice(&good[at[1]..at[2]]);
    swapped.extend_from_slice(&good[at[3]..]);
    let flipped = |n: usize| {
        let mut bytes = good.clone();
        bytes[n] ^= 1;
        bytes
    };
    let long = [&good[..at[1]], &u32::MAX.to_be_bytes()].concat();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", vec![], "not a bundle"),
        ("a photo", vec![0xff; 4096], "not a bundle"),
        ("another team", flipped(8), "a bundle of another team"),
        ("the header cut", cut(30), "the bundle ends early"),
        ("cut in a part", cut(at[2] + 9), "the bundle ends early"),
        ("cut before the last part", cut(at[at.len() - 2]), "the bundle ends early"),
        ("the first part gone", without(0), "a bundle of another team"),
        ("a part gone", without(2), "the bundle is damaged"),
        ("parts swapped", swapped, "the bundle is damaged"),
        ("a byte more", [&good[..], &[0]].concat(), "the bundle is damaged"),
        ("cut in what is for its carrier", cut(good.len() - 9), "the bundle ends early"),
        ("a bit changed", flipped(at[3] + 100), "the bundle is damaged"),
        ("a length that claims gigabytes", long, "the bundle is damaged"),
        ("items that are not there", bundle(Head { items: 4, ..head() }, &parts()), "the bundle is damaged"),
        (
            "parts with nothing",
            bundle(Head { blobs: 0, ..head() }, &[Part::Items(vec![])]),
            "the bundle is damaged",
        ),
        ("a photo cut short", bundle(head(), &parts()[..4]), "the bundle is damaged"),
        ("pieces of no photo", bundle(head(), &parts()[3..]), "the bundle is damaged"),
    ];
    for (name, bytes, error) in cases {
        assert_eq!(read(&bytes).unwrap_err().to_string(), error, "{name}");
    }
}

#[test]
fn only_the_device_that_it_names_can_have_made_it() {
    let bytes = bundle(head(), &parts());
    let whole = Reader::open(&bytes[..], &secret(), TEAM).unwrap().check().unwrap();
    let other = PublicKey(SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes());
    assert!(matches!(whole.verify(&other), Err(BadBundle::Signature)));
    let stranger = TeamSecret([8; 32]);
    assert!(matches!(Reader::open(&bytes[..], &stranger, TEAM), Err(BadBundle::OtherTeam)));
}

/// Found by a user: a bundle of which half was copied was carried for days.
#[test]
fn who_carries_a_bundle_sees_that_it_is_whole_and_one_of_before_is_taken() {
    let good = bundle(head(), &parts());
    let seen = |bytes: &[u8]| look(&mut &bytes[..]).map_err(|e| e.to_string());
    assert_eq!(seen(&good), Ok(TEAM));
    let at = places(&good);
    let before = &good[..*at.last().unwrap()];
    assert_eq!(before.len(), good.len() - outside::TRAILER);
    assert_eq!(seen(before), Ok(TEAM), "as phones made them before");
    assert_eq!(read(before).unwrap(), parts());
    for n in [0, 7, 23, 24, 40, HEADER, HEADER + 3, at[1], at[2] + 9, before.len() - 1, good.len() - 1] {
        assert!(seen(&good[..n]).is_err(), "cut at {n}");
    }
    for n in (0..good.len()).step_by(97).chain(before.len()..good.len()) {
        // The name of the team is looked at by whoever carries it.
        let mut bytes = good.clone();
        bytes[n] ^= 1;
        assert!(seen(&bytes).is_err(), "changed at {n}");
    }
    for more in [&b"\0"[..], &[0; 512], b"and a page that a browser saved beside it"] {
        assert!(seen(&[&good[..], more].concat()).is_err() && seen(&[before, more].concat()).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_changed_byte_goes_unnoticed(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = bundle(Head { blobs: 0, ..head() }, &parts()[..2]);
        let n = at.index(bytes.len());
        bytes[n] ^= 1 << bit;
        prop_assert!(read(&bytes).is_err());
    }

    #[test]
    fn no_bytes_crash_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..400), dressed in any::<bool>()) {
        let good = bundle(head(), &parts()[..1]);
        let bytes = if dressed { [&good[..HEADER], &bytes].concat() } else { bytes };
        prop_assert!(read(&bytes).is_err());
    }
}
