# Why a pushed item is held. Each has a remedy.
item-malformed = This item could not be read.
item-malformed-remedy = Update the app; if it happens again, send its log to support. The item stays on the phone.
actor-foreign = This change was written with a pen that belongs to another phone.
actor-foreign-remedy = Sync again: the phone takes a new pen and keeps what you wrote.
time-ahead = The phone's clock is more than a day ahead.
time-ahead-remedy = Set the phone's date and time to automatic, then do it again.
time-unfounded = The time of this act does not follow from what the phone knows of the time.
time-unfounded-remedy = Update the app, then do it again.
record-unknown = The server does not have this record.
record-unknown-remedy = Sync the record itself first; if it was held, settle that first.
record-damaged = This record is damaged on the server.
record-damaged-remedy = Tell the operator, who can restore it from a backup. What you wrote stays on the phone.
record-out-of-scope = This record is not shared with you any more.
record-out-of-scope-remedy = What you wrote is handed over to whoever has the record now; they decide about it. Speak to your supervisor if you need it back.
device-revoked-work = This phone was signed out before what you wrote arrived.
device-revoked-work-remedy = It is handed over to your office, which decides about it. Speak to your supervisor.
record-full = This record has become too large for more changes.
record-full-remedy = Start a new record for what is left.
owner-unknown = The person that this record is for is not in the team.
owner-unknown-remedy = Choose somebody of the team.
kind-unknown = The server knows no records of this kind.
kind-unknown-remedy = Ask your supervisor to publish it, then sync again.
version-unknown = The server does not have the version of the rules that this record was begun with.
version-unknown-remedy = Ask your supervisor to publish that version again, then try again here.
act-foreign = This act was not made on this phone by you.
act-foreign-remedy = Do it again on your own phone.
act-signature = The signature of this act does not fit.
act-signature-remedy = Do it again; if it happens again, enrol the phone anew.
act-id-used = Another act was sent with the same number before.
act-id-used-remedy = Do it again.
act-heads-unknown = This act is about content that the server does not have.
act-heads-unknown-remedy = Sync the changes before it first; if they were held, settle that first.
act-proof-unknown = This act rests on another one that the server does not have.
act-proof-unknown-remedy = It is sent again by itself once the other one is there. If that never comes, discard this and do it again.
edit-out-of-bounds = This change is too large or not well formed.
edit-out-of-bounds-remedy = Shorten the texts, then save again.
edit-crowded = Too many versions of this record stand side by side.
edit-crowded-remedy = Sync: the phone writes this again on what everybody wrote. If two values differ then, choose one and try this again.
edit-missing-deps = This change builds on changes that the server does not have.
edit-missing-deps-remedy = If a colleague made them, try this again when their phone has synced. Otherwise settle the change before it first.
edit-number-used = The server already has another change with this number: the phone may have been restored from a backup.
edit-number-used-remedy = The phone takes the server's record by itself, and keeps what you wrote here beside it. Look whether it is in the record already: if it is, discard it; if not, retry it.
edit-number-gap = Changes before this one are missing.
edit-number-gap-remedy = Settle the change before it first; this one follows.
edit-counter = This change does not follow from what it builds on.
edit-counter-remedy = Make the change again.
edit-replaces = This change replaces values that are not there.
edit-replaces-remedy = Make the change again.
edit-key-twice = This change writes one answer twice.
edit-key-twice-remedy = Make the change again.
edit-damaged = This change arrived damaged.
edit-damaged-remedy = Sync again; if it happens again, make the change again.
edit-refused = This change cannot be applied.
edit-refused-remedy = Make the change again; if it happens again, send the phone's log to support.
choice-changed = This answer has changed since the page was opened.
choice-changed-remedy = Look at it again: nothing was chosen.

# What the commands say.
said-initialised = Team { $team } is ready. Its id is { $id }.
said-password = Password of { $name }: { $password }
said-once = It is shown this once.
said-serving = Serving on { $address }
said-invited = Invitation for { $name }, good until { $expires }:
said-role-changed = { $name } is { $role } from now on, no more { $before }: at the server at once, on their phones from the next exchange on, which tells them.
said-led-by = { $leader } leads { $name } and sees their records.
said-led-by-nobody = Nobody leads { $name }: no supervisor sees their records.
said-led-by-office = { $name } is led by head office now: no supervisor sees their records until somebody leads them (rounds-server grant).
said-person = { $name } ({ $role })
said-revoked = Access withdrawn from { $count } { $form ->
    [one] device
   *[other] devices
}.
said-revoked-console = Access to the console withdrawn; its sessions ended.
said-revoked-nothing = Nothing to withdraw: there is no device with access. See: rounds-server devices
said-published = Pack { $pack }, version { $version }, is published.
said-unchanged = Pack { $pack }, version { $version }, was published before, with the same content.
said-checked = Pack { $pack }, version { $version }: nothing wrong.
said-own-tables = The company's own tables stay in it: { $tables }. To go back to a delivered one, put it in with `rounds-server table`.
said-own-tables-dropped = The new version has no such tables any more, so the company's own are not in it: { $tables }. Earlier versions keep them.
said-imported = Records created: { $created }, changed: { $changed }, as they were: { $same }.
said-password-set = The password of { $name } is set. Sessions on the console that began with the old one are over.
said-backed-up = Everything is in { $file }.
said-restored = Restored from { $file }. Records verified: { $records }, all of them.
said-kept = The data that was there before is kept in { $file }.
said-restored-phones = Phones notice it at their next sync, begin anew, and send again what they made since the backup. To check one afterwards, compare rounds-server digest --person with its digest.
said-restored-files = Photos and recordings are not in a backup of the database: keep a copy of the folder blobs (or of the bucket) as well, and put it back beside the data.
said-files-lacking = { $count-number ->
    [one] 1 file of { $known } photos and recordings is not in { $place }, or not as long as it was.
   *[other] { $count } files of { $known } photos and recordings are not in { $place }, or not as long as they were.
 } They are in no backup of the database. Put the folder (or bucket) back from its own copy, or name the right one with --blobs.
said-difference-signed = Record { $doc }: { $what }. A stored act, its ruling or a signature is not what was signed. Put a backup back (restore), and compare with a phone that holds the record.
said-overdue = { $what }, overdue since { $due } ({ $days } d)
said-due = { $what }, due { $due } ({ $days } d)
said-nothing-due = Nothing is due.
said-files-changed = { $count } of { $known } files of photos and recordings in { $place } are as long as they were and have other bytes: they are damaged, or were replaced. Put them back from a copy of the folder (or bucket).
said-files-asked-for = Phones are asked at their next sync for { $count } of the { $lacking } files that are not there. Whether they have them still, they know.
said-files-unread = Of the files of photos and recordings ({ $known }) only the sizes were looked at. verify --deep reads and hashes them.
said-verified = Records verified: { $records }. No difference.
said-difference = Record { $doc }: { $what }
said-photos-lacking = Photos and files that records name and that are not here: { $photos }. They may still be on their phones; after a restore, those whose phones are gone are lost.
said-no-conflicts = No answer has two versions.
said-row = Row { $row }: { $what }

# Headings of what is listed.
head-name = Name
head-role = Role
head-id = Id
head-person = Person
head-device = Device
head-sync = Last sync
head-unsent = Not sent
head-revoked = Withdrawn
head-kind = Kind
head-stage = Stage
head-records = Records
head-else = Besides
head-count = Count
count-accepted = Acts accepted
count-blocked = Acts blocked
count-conflicts-open = Conflicts open
count-conflicts-settled = Conflicts settled
count-unclean-starts = Times the server broke off
count-head = Last number of the log

# Why a command is refused.
database-missing = The database rounds.db is missing from { $folder }, where there are photos of an installation or a database that was replaced. Nothing was made in its place. Restore a backup (rounds-server restore), or give the newest rounds.replaced-….db the name rounds.db again. For a new installation name an empty folder with --data.
no-team = There is no team in { $folder } yet. Name the right folder with --data, or make a team: rounds-server init --team TEAM --supervisor NAME
which-team = There are several teams. Name one with --team.
no-such-team = There is no team { $team }.
team-exists = There is a team already. Use --another to add one more.
no-such-person = There is nobody called { $name }.
several-persons = Several people are called { $name }: use the id.
no-such-device = There is no device { $device }.
bad-zone = { $zone } is no time zone. Use a name like Asia/Shanghai.
bad-duration = { $text } is no duration. Use 72h, 3d or 30m.
bad-name = A name has 1 to { $max } bytes and no control characters.
heir-missing = { $name } leads { $led }, whom nobody else leads. Choose who takes them over, or head office.
heir-which = { $name } leads { $led }, whom nobody else leads. Say who takes them over: --heir NAME for a supervisor, or --heir office for head office.
invitation-gone = { $name } has no open invitation: it was used meanwhile, or taken back before. Look at their page: what came in by it is among their phones, and can lose its access there.
leader-withdrawn = { $name } has no access any more and can lead nobody. Choose somebody else, or invite them again.
still-leads = { $name } leads { $led }, whom nobody else leads, and would lead nobody in this role. Give them to another supervisor first: on the page of each of them, or with rounds-server transfer.
role-missing = There is no role { $role }. There are: { $roles }
role-operator = The operator is the server itself; nobody is invited as one. The roles are: { $roles }
leader-which = Say who leads { $name }: --led-by and one of: { $supervisors }. No supervisor sees the records of a person whom nobody leads; if you want that, use --led-by nobody.
password-short = A password has at least { $min } characters.
not-plain = Plain HTTP is for this machine only. Give --tls-cert and --tls-key, or --behind-proxy if a proxy does TLS. --allow-plain serves without any.
tls-pair = --tls-cert and --tls-key belong together.
pack-problem = { $file }:{ $line }: { $text } { $remedy }
pack-problem-file = { $file }: { $text } { $remedy }
pack-taken = Version { $version } of { $pack } was published with other content. Raise the version in pack.toml.
pack-older = Version { $version } of { $pack } is older than the published { $newest }.
pack-unknown = There is no pack { $pack }. Published are: { $known }.
table-not-there = The pack { $pack } has no table { $table }. It has: { $known }.
own-table-does-not-fit = The company's own tables stay in a new version, and do not fit this one: { $tables }. Adapt them to its columns and put them into its folder in the place of those that it came with, beside a file own-tables.toml with the lines `delivered = { $delivered }` and `tables = [{ $paths }]`. Then give it a version above the published one, and publish that. What is wrong is said below.
pack-number-changed = The number { $name } has the prefix of one in { $pack }, version { $version }, and is counted or written otherwise, so a number could be given twice. Give it another prefix.
folder-unreadable = The folder { $folder } cannot be read as a pack: { $detail }
pack-kind-gone = There are records of kind { $kind }, so it cannot leave the packs.
pack-kind-elsewhere = Kind { $kind } is in pack { $pack } already. Publish { $pack } without it first; a kind that has records cannot move.
not-led = { $name } is not led by { $leader }. See who leads whom with the command people, or use grant.
transfer-same = { $name } is with { $leader } already: --from and --to name the same person. Name another one with --to.
rep-cannot-lead = { $leader } is a rep, and reps lead nobody. Name a supervisor; to make { $leader } one: rounds-server invite --person NAME --role supervisor
area-unknown = There is no area { $area }: no record is in it and nobody holds it. There are: { $areas }. If it is to be a new one, say so with --new-area.
cannot-lead = { $leader } cannot lead { $name }. Name a supervisor and somebody else.
bad-area = The name of an area has 1 to { $max } bytes, without line breaks.
said-granted = { $name } holds { $what } from the next exchange on.
said-area-new = No record is in the area { $area } yet, and nobody else holds it. If that is a slip of the pen, withdraw it again.
said-granted-already = { $name } holds { $what } already.
said-withdrawn = { $name } holds { $what } no more. Records leave their phones as soon as nothing of them is unsent.
said-withdrawn-nothing = { $name } did not hold { $what }.
said-transferred = { $name } is led by { $to } now, no more by { $from }. Records follow at the next exchange.
what-area = the area { $area }
what-led = the records of { $name }
packs-too-large = All packs together are larger than { $max } MB. Make the files of this pack smaller.
csv-unreadable = The file cannot be read as CSV. Save it in Excel as "CSV UTF-8" and try again.
csv-not-utf8 = The text of the file is not in UTF-8. Save it in Excel as "CSV UTF-8" and try again.
csv-empty = There are no rows in the file. It needs a line of column names and a line for each record.
csv-too-long = There are more than { $max } rows in the file. Import it in parts.
csv-cells = Row { $row } is not as long as the header: cells in the row: { $count }, in the header: { $columns }. Mend the row.
csv-new-id = A column id says which record a row is, so --new does not fit. Use --key id.
csv-column = There is no field { $column } in { $kind }.
csv-key = There is no column { $column }.
csv-key-blank = The column { $column } must not be blank.
csv-required = "{ $label }" is required, and this row does not say it. Fill in its column, { $column }.
csv-key-several = There are several records with { $value } in { $column }: remove those that are too many, or name more columns.
csv-key-twice = { $value } stands in the column { $column } twice.
csv-id = { $value } is no record id.
csv-value = { $value } in the column { $column } is not { $type }.
csv-error-cell = { $value } in the column { $column } is an error of the workbook and no value. Mend its formula, or clear the cell.
sheet-foreign = This is { $what }, and no sheet that can be read here. Save it as .xlsx (or as CSV in UTF-8) in the program that wrote it, and upload that.
sheet-damaged = The workbook is damaged and cannot be read. Open it in Excel, save it as a new .xlsx, and upload that.
sheet-locked = The workbook is protected with a password. Remove the password in Excel, save it, and upload it again.
sheet-too-large = The workbook is too large: a sheet has up to { $rows } rows and { $columns } columns, a file up to { $size } MB, and { $unpacked } MB once it is unpacked. Remove sheets, columns and pictures that are not needed, or import it in parts.
sort-text = a text
sort-barcode = the text of a code
sort-integer = a whole number
sort-decimal = a number
sort-boolean = yes or no
sort-date = a date like 2026-11-23
sort-time = a time like 09:30
sort-datetime = a date and time like 2026-11-23T09:30:00+08:00
sort-place = a position: latitude and longitude with a space between
sort-one = one of the choices
sort-several = choices with spaces between
sort-blob = the SHA-256 of a file
sort-person = the id of a person
sort-record = the id of a record
csv-owner = There is nobody called { $value }, in the column { $column }.
csv-owner-other = the record is { $owner }'s, and an import does not give it to { $said }. State the act that hands it on, or leave the cell blank.
kind-missing = There are no records of kind { $kind }. There are: { $kinds }
not-empty = There is data in { $folder } already. Use --force to replace it; a copy of it is kept.
in-use = A server is serving from { $folder }. Stop it first.
no-such-file = There is no file { $file }.
backup-damaged = { $file } is damaged or no backup of Rounds: { $detail }. Nothing was replaced. Use another backup.
backup-differs = { $file } is damaged. Differences: { $count }, the first in record { $doc } ({ $what }). Nothing was replaced. Use another backup.
file-exists = { $file } is there already.
not-created = { $what } cannot be written: { $detail }
failed = It did not work: { $detail }
said-handed-over = { $items } items: { $stored } new, { $duplicates } known already, { $held } held, { $waiting } waiting for a decision (see holding list).
said-handed-over-photos = Photos and files: { $blobs } new, { $known } known already, { $left } could not be taken; they are still on the phone.
said-handed-over-held = What is held stays on the phone that made it; there its reason is shown at the next sync.
no-such-work = No work was handed over under number { $number }. See holding list.
work-decided = Somebody has decided about number { $number } already.
bad-reason = A reason has at most { $max } bytes of plain text.
said-work-accepted = Accepted: { $count }. The author and whoever holds the record are told at their next exchange.
said-work-dropped = Dropped: { $count }. The server keeps it; the author is told at the next exchange.
said-work-left = One item still waits: { $reason } { $remedy }
head-number = Number
head-since = Since
head-record = Record
head-why = Why
head-says = What it says

# What a system says of a file.
io-not-found = there is no such file or folder. Check its name and where it is.
io-permission = it may not be read or written. Check its permissions.
io-folder = it is a folder, not a file.
io-no-folder = it is a file, not a folder.
io-exists = it is there already. Give another name.
io-full = the disk is full. Make room and try again.
io-other = it cannot be read or written ({ $detail }).
folder-path = “{ $name }” cannot be the name of a file in a pack. Use letters, digits, - and _.
folder-too-large = it has more than 200 files or 16 MB. Take out what the pack does not need.
failure-storage-full = there is no room left for the database. Make room and try again.
failure-storage-busy = another process uses the database. Try again in a moment.
failure-storage-newer = the database was written by a newer version of this program. Use that one.
failure-storage-damaged = the database is damaged, or no database of Rounds ({ $detail }). Restore a backup.
said-note = Note on { $place }: { $text } { $remedy }
said-loses = Compared with version { $version }, records that are moved to the new version lose answers:
said-loses-gone = { $label } ({ $key }) is not asked any more: answers stay in the record, and are neither shown nor submitted
said-loses-type = { $label } ({ $key }) was { $old } and is { $new }: an answer that does not fit is cleared, and stays in the history
said-loses-choices = { $label } ({ $key }) has lost choices ({ $choices }): an answer with them is cleared, and stays in the history
said-loses-kept = Drafts that are not moved keep the version that they were begun with.
said-difference-damaged = Record { $doc }: { $what }. Its stored content is damaged and cannot be read. It is held: phones get no news of it and their edits of it wait, everything else goes on. Put a backup back (restore): phones then send again what it does not have.
work-foreign = Number { $number } is not yours to decide about: its record has another holder by now. Whoever holds it decides.
answer-type = “{ $field }” cannot be answered like that.
answer-type-remedy = Look at the field again, and correct what was typed.
bad-tiles = { $address } is no address of map tiles. Give one with {"{z}"}, {"{x}"} and {"{y}"}, such as https://tiles.example/{"{z}"}/{"{x}"}/{"{y}"}.png.
person-of-others = { $name } is in somebody else's team. Ask head office, or use another name.
role-of-office = Only head office invites other roles than reps.
revoke-of-office = { $name } leads others or may enter the console, so only head office withdraws their access and says who takes over. Ask head office.
person-there = { $name } is in your team already. Open their page and invite them again there, or use another name.
name-is-id = { $name } is the id of somebody, not a name. Write the person's name.
area-not-held = The area { $area } is not yours to grant. Ask head office.
not-supervisor = { $name } is no supervisor, so nobody can be given to them. Choose a supervisor.
not-yours = This is not yours to do, or not any more. Open the page again, or ask head office.
filter-unread = The filter “{ $filter }” cannot be read: “{ $value }”.
filter-unknown = There is no filter “{ $filter }” here.
filter-how-day = A day is written like this: 2026-11-23.
filter-how-id = The id of a person or a record is expected, as it stands in addresses.
filter-how-number = A whole number is expected.
filter-how-each = Say each filter once.
filter-how-one = Possible are: { $names }.
session-over = Your session is over, and nothing was done. What you typed is still here.
session-over-remedy = Sign in again in another tab of this browser, then press the button once more.
act-failed = Something broke on the server, and this was not done.
act-failed-remedy = Try this one again. If it stays so, ask whoever runs the server for its log.
password-often = Too many tries. Wait a minute, and try again.
password-wrong = The present password is not right. Nothing was changed.
said-views = { $file }: { $views } views, { $records } records. Make it anew whenever newer data is needed.
zip-unreadable = This is no zip of a pack: there is no pack.toml in it, or a name in it cannot be used. Zip the pack’s folder.
zip-too-large = More than { $max } MB once it is unpacked. A pack is smaller.
workbook-nowhere = The kind { $kind } has no workbook in its pack. Upload the pack as a zip instead.
upload-over = This upload is too old. Upload the file again.
upload-empty = No file was chosen, or it is too large.
view-bad = A view has a name of 1 to { $max } characters, and fewer filters than these. Go back and give it one.
views-many = You have { $max } views, which is all that are kept. Remove one first.
token-unnamed = A token has a name that says what reads with it. Go back and give it one.
tokens-many = The team has { $max } tokens, which is all that there can be. Take one back first.
evidence-no-record = There is no record { $record }. Look up its id in the console.
evidence-none = The record { $record } has no recording.
evidence-recording = Recording “{ $field }”
evidence-received = Received and signed by this server at { $at }.
evidence-sealed = Sealed at { $at }: this server has signed then that it was told of it. The file itself is not here.
evidence-problem-not-sealed = Not sealed: no accepted act has sealed it yet, so this server has not signed that it received it. Let the rep finish it, or look again after the next sync.
evidence-problem-not-arrived = Its chain has not arrived. Let the phone that recorded it synchronise.
evidence-problem-lost = Its chain was received, and its file is not here any more. Photos and recordings are in no backup of the database: put the folder (or bucket) of blobs back from its own copy, or name it with --blobs.
evidence-problem-other-file = The file of its chain is another one than the record answered with and the act sealed: it was exchanged, cut or added to. What follows is said of the file that is here.
evidence-problem-replaced = The record answers with another recording now than was sealed. What was sealed is checked here; ask who changed the answer.
evidence-problem-confirmation = The server's signature on it does not fit: the stored verdict or the server's key was changed. Compare with a copy of the signature on a phone, or put a backup back.
evidence-problem-act = The signature of the act that sealed it does not fit the key of its phone: the stored act, its signature or the key was changed. Put a backup back and compare.
recording-warn-not-arrived = “{ $recording }” was sealed, and has not arrived: nobody has seen or heard it. Let the phone synchronise before you decide.
recording-warn-segments-away = { $count-number ->
    [one] 1 segment of “{ $recording }” has not arrived. Let the phone synchronise before you decide.
   *[other] { $count } segments of “{ $recording }” have not arrived. Let the phone synchronise before you decide.
 }
recording-warn-segments-empty = { $count-number ->
    [one] 1 segment of “{ $recording }” is empty (0 bytes): nothing was recorded in it.
   *[other] { $count } segments of “{ $recording }” are empty (0 bytes): nothing was recorded in them.
 }
recording-warn-broken = “{ $recording }” was checked and is not whole. Look at its evidence before you decide.
evidence-media-sizes = { $count-number ->
    [one] 1 segment; the size of its file was compared. Read every byte with --media.
   *[other] { $count } segments; the sizes of their files were compared. Read every byte with --media.
 }
evidence-media-read = { $count-number ->
    [one] 1 segment; every byte was read.
   *[other] { $count } segments; every byte was read.
 }
evidence-whole = { $links-number ->
    [one] Nothing is wrong with it: 1 link.
   *[other] Nothing is wrong with it: { $links } links.
 }
evidence-not-whole = { $count-number ->
    [one] It is not whole: 1 finding.
   *[other] It is not whole: { $count } findings.
 }
blobs-no-folder = There is no folder { $folder }. Name the one where photos and files are kept; nothing was made or changed.
settle-sealed = This answer was sealed by an act, and the server signed it. Another one cannot take its place now.
settle-sealed-remedy = Choose the answer that was sealed, or ask for the record to be returned and answer anew.
exceptions-none = Nothing to look at.
exception-photo-duplicate = Duplicate photo
exception-photo-replaced = Photo of unknown origin
exception-recording-broken = Broken recording
exception-recording-clock = Clock in doubt while recording
exception-recording-awaited = Recording has not arrived
exception-clock-reason = At link { $link }, and { $more } more: { $said }.
exception-awaited-reason = The act that seals it came days ago, its recording has not. Let the phone synchronise; it may be lost if that phone was changed.
exception-photo-doubtful = Photo in doubt
photo-doubt-mock = Its position was made up by an app.
photo-doubt-clock = Its time: { $said }.
photo-doubt-claimed = The time that it claims does not follow from the clocks that it gives.
photo-doubt-later = It claims to be taken later than the server received it.
photo-doubt-device = It says that another phone took it.
exception-duplicate-reason = It looks nearly like an earlier photo (it differs in { $differs } of 64 places).
exception-replaced-reason = The answer is another photo than the one of which it is known when and where it was taken.
exception-broken-reason = { $first }.
exception-broken-more = { $first }, and { $more } more.
