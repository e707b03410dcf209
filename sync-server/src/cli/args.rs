//! What can be asked.

use crate::admin::holding::Named;
use clap::{ArgGroup, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Rounds: the sync server of a field team, and the commands of its operator.
#[derive(Debug, Parser)]
#[command(name = "rounds-server", version, about)]
pub struct Args {
    /// The folder that holds everything.
    #[arg(long, global = true, default_value = "rounds-data", value_name = "DIR")]
    pub data: PathBuf,
    /// Which team, by name or id, if there are several; for init, what it will be called.
    #[arg(long, global = true, value_name = "TEAM")]
    pub team: Option<String>,
    /// Answer as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// Answer in this language: zh-CN or en. Otherwise the system's.
    #[arg(long, global = true, value_name = "TAG")]
    pub lang: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done with work that was handed over.
#[derive(Debug, Subcommand)]
pub enum Holding {
    /// List what waits for a decision.
    List,
    /// Make it part of its record: everything that the same device has handed over about it.
    Accept {
        /// Which: `12`, one of its numbers, is the whole row of the list as it is by now; `12-15` is what the row
        /// had when it was listed, and no more.
        work: Named,
    },
    /// Do without it; the server keeps it. Its author is told.
    Drop {
        /// Which, in the same way.
        work: Named,
        /// Why, for its author.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
}

impl Args {
    /// True for an `init` that does not say what the team is called.
    pub fn lacks_name(&self) -> bool {
        matches!(self.command, Command::Init { .. }) && self.team.is_none()
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a team with its supervisor. --team says what it is called.
    #[command(override_usage = "rounds-server init --team <TEAM> --supervisor <NAME> [OPTIONS]")]
    Init {
        /// The time zone of its days.
        #[arg(long, default_value = "Asia/Shanghai")]
        zone: String,
        /// The name of the supervisor.
        #[arg(long, value_name = "NAME")]
        supervisor: String,
        /// The supervisor's password is the first line of this file; - is the standard input.
        /// Without it, one is made and shown once.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        /// Add a team beside those that there are.
        #[arg(long)]
        another: bool,
    },
    /// Serve phones and the console until asked to stop.
    Serve {
        /// Where to listen; port 0 is any free one.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// The certificate chain, PEM.
        #[arg(long, value_name = "FILE")]
        tls_cert: Option<PathBuf>,
        /// Its key, PEM.
        #[arg(long, value_name = "FILE")]
        tls_key: Option<PathBuf>,
        /// Where photos and files are kept: a folder, or s3://bucket/prefix with the credentials of
        /// the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT).
        /// Otherwise the folder blobs in the data.
        #[arg(long, value_name = "PLACE")]
        blobs: Option<String>,
        /// The largest photo or file, MiB.
        #[arg(long, default_value_t = 2_048, value_name = "MIB")]
        blob_max: u64,
        /// All photos and files of a team, GiB.
        #[arg(long, default_value_t = 200, value_name = "GIB")]
        blob_quota: u64,
        /// Uploads that one device may have begun and not finished.
        #[arg(long, default_value_t = 100, value_name = "COUNT")]
        blob_unfinished: u64,
        /// Where the console gets map tiles: an address with {z}, {x} and {y}. Without it places are
        /// plotted plainly, and nothing is asked of any other host.
        #[arg(long, value_name = "URL")]
        tiles: Option<String>,
        /// A proxy does TLS and passes requests on: cookies are for https only, and a request came from the
        /// last address in its X-Forwarded-For. Let nothing but the proxy reach this port, and have it pass
        /// on Host.
        #[arg(long)]
        behind_proxy: bool,
        /// Allow plain HTTP beyond this machine, in a network where nobody listens. Behind a proxy that does
        /// TLS use --behind-proxy.
        #[arg(long)]
        allow_plain: bool,
    },
    /// Invite a person, who is added if nobody has that name.
    ///
    /// A supervisor sees the records of those whom they lead, and of nobody else. If the team has
    /// one supervisor, that one leads everyone who is invited; if it has several, --led-by says who.
    Invite {
        /// Who.
        #[arg(long, value_name = "NAME")]
        person: String,
        /// What they may do: rep, supervisor, or a role that a published pack names. Left out: what
        /// they may do already; rep for somebody new.
        #[arg(long)]
        role: Option<String>,
        /// The supervisor who sees their records too. "nobody" leaves them without: then no
        /// supervisor sees what they do. Otherwise who leads them already, or the only supervisor.
        #[arg(long, value_name = "NAME")]
        led_by: Option<String>,
        /// How long the invitation is good.
        #[arg(long, default_value = "72h", value_name = "DURATION")]
        valid: String,
        /// The server's address as phones reach it, for the link.
        #[arg(long, value_name = "URL")]
        server: Option<String>,
    },
    /// Withdraw the access of a device, or of all devices of a person.
    #[command(group(ArgGroup::new("whose").required(true).args(["device", "person"])))]
    Revoke {
        /// Which device.
        #[arg(long, value_name = "ID")]
        device: Option<String>,
        /// Whose devices.
        #[arg(long, value_name = "NAME")]
        person: Option<String>,
        /// Who leads those whom nobody else leads: a supervisor, or `office` for head office.
        #[arg(long, value_name = "NAME", requires = "person")]
        heir: Option<String>,
    },
    /// Let a person hold the records of an area, or of somebody whom they then lead.
    #[command(group(ArgGroup::new("access").required(true).args(["area", "leads"])))]
    Grant {
        /// Who.
        #[arg(long, value_name = "NAME")]
        person: String,
        /// The area.
        #[arg(long, value_name = "AREA")]
        area: Option<String>,
        /// It is a new area, in which there is no record yet.
        #[arg(long, requires = "area")]
        new_area: bool,
        /// Whom they lead.
        #[arg(long, value_name = "NAME")]
        leads: Option<String>,
    },
    /// End that. Work that is still unsent then is taken, and waits for a decision: see holding.
    #[command(group(ArgGroup::new("access").required(true).args(["area", "leads"])))]
    Withdraw {
        /// From whom.
        #[arg(long, value_name = "NAME")]
        person: String,
        /// The area.
        #[arg(long, value_name = "AREA")]
        area: Option<String>,
        /// Whom they led.
        #[arg(long, value_name = "NAME")]
        leads: Option<String>,
    },
    /// Give a person from one supervisor to another.
    Transfer {
        /// Who.
        #[arg(long, value_name = "NAME")]
        person: String,
        /// Who led them.
        #[arg(long, value_name = "NAME")]
        from: String,
        /// Who leads them now.
        #[arg(long, value_name = "NAME")]
        to: String,
    },
    /// Publish a pack: a folder with a pack.toml.
    Publish {
        /// The folder.
        folder: PathBuf,
        /// Only check it, together with the packs that there are.
        #[arg(long)]
        check: bool,
    },
    /// Put the company's own table into a pack in the place of the one that it came with, and publish that. Later
    /// versions of the pack are published with it.
    Table {
        /// The pack.
        pack: String,
        /// The table, without folder and suffix: `papers`.
        name: String,
        /// The CSV file, with the columns of the one that is there.
        file: PathBuf,
        /// Only check it.
        #[arg(long)]
        check: bool,
    },
    /// Create or change records of a kind from a CSV file. All or nothing.
    #[command(group(ArgGroup::new("which").required(true).args(["key", "new"])))]
    Import {
        /// The kind.
        kind: String,
        /// The file; its columns are fields, or id and owner.
        file: PathBuf,
        /// The column that says which record a row is, or several with commas between: a record that has
        /// the same there is changed.
        #[arg(long, value_name = "COLUMNS")]
        key: Option<String>,
        /// Every row is a new record, also one that was imported before.
        #[arg(long)]
        new: bool,
    },
    /// Work that was taken from phones although its author did not hold the record any more.
    Holding {
        /// What to do.
        #[command(subcommand)]
        what: Holding,
    },
    /// Take in a bundle that a phone made because it had no network.
    ///
    /// It may be taken in any number of times, also after the phone itself has synced.
    Handover {
        /// The file.
        file: PathBuf,
        /// Where photos and files are kept, as for serve.
        #[arg(long, value_name = "PLACE")]
        blobs: Option<String>,
    },
    /// Set the password of a person.
    Password {
        /// Whose.
        #[arg(long, value_name = "NAME")]
        person: String,
        /// The password is the first line of this file; - is the standard input. Without it, one
        /// is made and shown once.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Write a copy of all records for BI tools: a new SQLite file with a view for each kind.
    Views {
        /// The new file.
        file: PathBuf,
    },
    /// List the people.
    People,
    /// List the devices.
    Devices,
    /// Copy the database to a new file, also while serving. Photos and recordings are not in it: copy the
    /// folder blobs (or the bucket) as well.
    Backup {
        /// The new file.
        file: PathBuf,
    },
    /// Put a backup in the place of the data.
    Restore {
        /// The backup.
        file: PathBuf,
        /// Replace data that is there; it is kept beside.
        #[arg(long)]
        force: bool,
        /// Where photos and files are kept, as for serve: they are in no backup, and those that are not
        /// there are counted.
        #[arg(long, value_name = "PLACE")]
        blobs: Option<String>,
    },
    /// Check that everything that is computed follows from what was stored, that acts are signed, and
    /// that the files of photos and recordings are there, as long as they were.
    Verify {
        /// Read the files too, and hash every byte of them: it takes as long as copying them.
        #[arg(long)]
        deep: bool,
        /// Ask the phones that sent them for the files that are not there, at their next sync. Not where the
        /// place is only named wrongly: then phones would send everything again.
        #[arg(long)]
        ask_again: bool,
        /// Where photos and files are kept, as for serve.
        #[arg(long, value_name = "PLACE")]
        blobs: Option<String>,
    },
    /// List the answers of which there are two versions: each with who, when, on which device.
    Conflicts,
    /// List what is overdue and what is due soon, and who hears of it.
    Reminders,
    /// Check the recordings of a record link by link: hashes, signatures, clocks, the gates of the script,
    /// what was sealed, and whether its files are here with the sizes that they had. Names exactly what is wrong or missing.
    VerifyEvidence {
        /// The record, by its id.
        record: String,
        /// Read the media too, and hash every byte of them.
        #[arg(long)]
        media: bool,
        /// Where photos and files are kept, as for serve.
        #[arg(long, value_name = "PLACE")]
        blobs: Option<String>,
    },
    /// List what a supervisor should look at: suspect clocks, positions, photos, visits, recordings.
    Exceptions,
    /// Count what there is.
    Summary,
    /// Hash all records of each scope, to compare with phones.
    Digest {
        /// Only the scopes that this person holds.
        #[arg(long, value_name = "NAME")]
        person: Option<String>,
    },
}
