//! The syncs of the evening: a phone is killed in the middle of its push, the server in the middle
//! of an exchange, and nothing is lost or there twice.

use super::Teller;
use super::cast::{Cast, Phones};
use super::field::Made;
use crate::phone::{Phone, text};
use crate::proxy::Trap;
use anyhow::{Context, Result, ensure};

/// Syncs everything and settles the conflict.
pub fn sync(cast: &mut Cast, phones: &Phones, made: &Made, tell: Teller<'_>) -> Result<()> {
    let (li, zhang) = (&phones.li, &phones.zhang);
    kill_phone(cast, li, Trap::Request(700))?;
    tell("  李娜's phone is killed when half of its push is sent.");
    kill_phone(cast, li, Trap::Answer)?;
    tell("  It is started again, pushes, and is killed before the server's answer reaches it.");
    let synced = li.json(&["sync"])?;
    ensure!(synced["held"] == 0 && synced["duplicates"] != 0, "{synced}");
    let again = &synced["duplicates"];
    tell(&format!("  Started once more, it syncs: to {again} items the server says that it has them."));

    kill_server(cast, zhang)?;
    tell("  张伟 syncs; the server is killed in the middle of the exchange, and started again.");
    let synced = zhang.json(&["sync"])?;
    ensure!(synced["held"] == 0, "{synced}");
    tell("  张伟 syncs again.");
    explain_blocked(zhang, made, tell)?;
    settle(li, zhang, made, tell)?;
    for phone in [li, zhang] {
        phone.json(&["sync"])?;
    }
    Ok(())
}

fn kill_phone(cast: &Cast, phone: &Phone, at: Trap) -> Result<()> {
    cast.network.set(at);
    let mut process = phone.spawn(&["sync"])?;
    ensure!(cast.network.stopped(), "no message came to {at:?}");
    process.kill()?;
    process.wait()?;
    Ok(())
}

fn kill_server(cast: &mut Cast, phone: &Phone) -> Result<()> {
    cast.network.set(Trap::Answer);
    let mut process = phone.spawn(&["sync"])?;
    ensure!(cast.network.stopped(), "no answer came");
    cast.server.kill()?;
    // The phone would wait for its time-out; a rep in a hurry closes the app.
    process.kill()?;
    process.wait()?;
    cast.server.start()
}

fn explain_blocked(zhang: &Phone, made: &Made, tell: Teller<'_>) -> Result<()> {
    for (phone, lang) in [(zhang, "en"), (&zhang.in_chinese(), "zh")] {
        let outbox = phone.json(&["outbox"])?;
        let blocked = outbox["blocked"].get(0).context("nothing is blocked")?;
        ensure!(blocked["record"]["id"] == made.zhang_application.as_str(), "{blocked}");
        let reason = &blocked["reason"];
        ensure!(reason["code"] == "one-open-application" && reason["rule"] == "O.14", "{reason}");
        ensure!(reason["field"] == "policy" && reason["link"] == made.li_application.as_str(), "{reason}");
        let (why, what) = (text(reason, "reason")?, text(reason, "remedy")?);
        tell(&format!("  张伟's application was not accepted ({lang}): {why} {what}"));
    }
    zhang.json(&["answer", &made.zhang_application, "note=等李娜的申请办结后再提交"])?;
    tell("  It is still there, and he can edit it.");
    Ok(())
}

fn settle(li: &Phone, zhang: &Phone, made: &Made, tell: Teller<'_>) -> Result<()> {
    li.json(&["sync"])?;
    let conflicts = li.json(&["conflicts"])?;
    let conflict = conflicts.get(0).context("no conflict")?;
    ensure!(conflict["id"] == made.shared_store.as_str(), "{conflict}");
    let versions = conflict["conflicts"][0]["versions"].as_array().context("no versions")?;
    ensure!(versions.len() == 2, "{conflict}");
    for v in versions {
        let parts = [text(v, "value")?, text(v, "by")?, text(v, "device")?, text(v, "at")?];
        tell(&format!("  The store's phone number has two versions: {}", parts.join(" · ")));
    }
    let other = versions.iter().find(|v| v["shown"] == false).context("one is not shown")?;
    let number = other["number"].to_string();
    li.json(&["choose", &made.shared_store, "phone", &number])?;
    li.json(&["sync"])?;
    zhang.json(&["sync"])?;
    let chosen = text(other, "value")?;
    tell(&format!("  李娜 chooses {chosen}; both phones and the server show it now."));
    for phone in [li, zhang] {
        let shown = phone.json(&["show", &made.shared_store])?;
        let questions = shown["questions"].as_array().context("no questions")?;
        let phone = questions.iter().find(|q| q["key"] == "phone").context("no phone")?;
        ensure!(phone["value"] == chosen.as_str() && shown["conflicts"][0].is_null(), "{shown}");
    }
    Ok(())
}
