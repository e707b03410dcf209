store-wrong-key = The data on this phone cannot be opened with this key.
store-wrong-key-remedy = If the phone's lock or backup was changed, restore the key; otherwise the file is damaged: ask support before you delete anything.
store-newer = The data on this phone was written by a newer app (version { $what }).
store-newer-remedy = Update the app. Nothing was changed.
storage-full = There is no room left on this phone.
storage-full-remedy = Free some space, then try again. What was saved before is safe.
store-busy = Another app is using the data.
store-busy-remedy = Close it and try again.
store-damaged = Something stored on this phone is damaged ({ $what }).
store-damaged-remedy = Do not delete the app. Send the support log; synced work is safe on the server.
store-failed = The phone's database failed ({ $what }).
store-failed-remedy = Try again; if it happens again, send the support log.
file-failed = A file could not be read or written ({ $what }).
file-failed-remedy = Check that the file is there and may be read.
blob-damaged = A stored photo or file is missing or damaged.
blob-damaged-remedy = Take it again; send the support log.
answer-too-large = That is too much text for one answer.
answer-too-large-remedy = Shorten it, or attach it as a file.
not-enrolled = This phone does not belong to a team yet.
not-enrolled-remedy = Enter the invitation code from your supervisor: enrol SERVER CODE.
phone-signed-out = Your team has signed this phone out. What was unsent is with the server.
phone-signed-out-remedy = Speak to your supervisor. A new invitation code lets this phone in again.
already-enrolled = This phone already belongs to a team.
already-enrolled-remedy = To join another team, sign out first.
record-unknown = There is no such record on this phone.
record-unknown-remedy = Check the id, or sync first.
record-ambiguous = More than one record begins with this id.
record-ambiguous-remedy = Give more of its characters.
question-unknown = There is no question “{ $what }” here.
question-unknown-remedy = Look at the record to see the names of its questions.
no-conflict = “{ $what }” has only one version.
no-conflict-remedy = There is nothing to choose.
no-such-version = There is no version with this number.
no-such-version-remedy = Look at the list of versions again; it may have changed.
offline = The server cannot be reached ({ $what }).
offline-remedy = Your work is saved on this phone and is sent when there is a network.
bad-answer = The server's answer could not be read ({ $what }).
bad-answer-remedy = Check the server's address and the app's version. Your work is saved on this phone.
bad-pack = The team's procedures could not be read ({ $what }).
bad-pack-remedy = Update the app, then sync again.
system = The phone gave no { $what }.
system-remedy = Restart the phone and try again.
builds-on-held = This was written on top of something that the server holds back.
builds-on-held-remedy = Decide about the earlier one first; this one goes with it.
answer-type = That is no answer to “{ $field }”.
answer-type-remedy = Look at what the question asks for: a number, a date such as 2026-11-23, one of its choices.
chip-never = Never synced
chip-waiting = Waiting { $n }
chip-needs-you = Needs you { $n }
chip-up-to-date = Up to date { $ago }
ago-now = just now
ago-minutes = { $n } min ago
ago-hours = { $n } h ago
ago-days = { $n } d ago
badge-waiting = Waiting to sync
badge-pending = Waiting for a decision
badge-conflict = Two versions
badge-held = Held
what-answers = { $n } answers
not-a-pair = “{ $what }” is not question=value.
not-a-pair-remedy = Write the question's name, an equals sign, and the answer.
print-enrolled = This phone now belongs to { $person }, team { $team }.
print-synced = Sent: { $sent } items. Received: { $received } items. Accepted: { $accepted } acts.
print-not-taken = Not accepted: { $blocked }. Held: { $held }. See `outbox`.
print-saved = Saved on this phone
print-nothing-today = Nothing is planned for today.
print-nothing = Nothing here.
print-no-conflicts = No answer has two versions.
print-blocked = Not accepted
print-held = Held
print-waiting = Waiting to sync
print-pending = waiting for a decision
print-accepted = accepted
print-verified = { $n } records checked, { $bad } different.
kind-unknown = This team has no records of the kind “{ $what }”.
kind-unknown-remedy = There are: { $known }. If it is a new one, sync first.
held-act = A held act cannot be sent again as it is.
held-act-remedy = State it anew on the record, or discard it.
packs-problem = A procedure of the team cannot be used by this app ({ $what }). Its records are kept. Update the app, then sync again.
device-restored = This phone was restored from a copy: the server already has something else under this number.
device-restored-remedy = Look at the record as it stands; try this again if it is still right, or discard it.
bad-address = That is not the address of a server.
bad-address-remedy = Write it as https://rounds.example; plain http is possible only to this very machine.
held-unknown = There is no held item with this number.
held-unknown-remedy = Look at the outbox for its number.
chip-no-access = No access
no-access = The server does not let this phone in any more ({ $what }). Speak to your supervisor. Your work stays on this phone.
what-decide = To try it again: retry { $n }. To give it up: discard { $n }.
no-photo = “{ $what }” is not answered with a photo or file.
no-photo-remedy = Look at the record to see which questions are, and give the question's key.
bad-setting = “{ $what }” is no value for this setting.
bad-setting-remedy = Use on or off, or a number of KiB from 4 to 65536.
badge-media = photos { $sent }/{ $total }
what-photo = photo or file, { $size }, { $percent } % sent
waits-for-wifi = Photos wait for Wi-Fi.
waits-for-wifi-remedy = Connect to Wi-Fi, or turn off “photos only over Wi-Fi”.
print-media = Photos: sent { $sent }, waiting { $waiting }, not sent { $failed }.
print-media-waiting = Photos waiting
no-team-key = This phone cannot seal a bundle yet.
no-team-key-remedy = Sync once; after that it can hand its work over without a network.
nothing-to-hand-over = Nothing is unsent on this phone.
nothing-to-hand-over-remedy = There is nothing to do: the server has everything.
not-a-bundle = This file is no bundle of Rounds.
not-a-bundle-remedy = Choose the file that your colleague's phone made (it ends in .rounds-handover).
other-teams-bundle = This bundle is of another team.
other-teams-bundle-remedy = Only a phone of that team can carry it.
bundle-too-large = The bundle is too large.
bundle-too-large-remedy = Make it without photos; they wait on the phone for a network.
too-many-bundles = This phone carries as many bundles as it can.
too-many-bundles-remedy = Sync, so that the server takes them; then carry this one.
handed-over = In the bundle: { $items-number ->
    [one] 1 item
   *[other] { $items } items
 } and { $photos-number ->
    [one] 1 photo
   *[other] { $photos } photos
 }. They stay in the outbox until the server confirms them.
handed-over-left = { $left-number ->
    [one] 1 photo is not in it; it waits
   *[other] { $left } photos are not in it; they wait
 } for a network.
handed-over-at = Handed over in a bundle on { $at }: { $items-number ->
    [one] 1 item
   *[other] { $items } items
 }. They stay here until the server confirms them.
carried-none = This phone carries no bundles.
carried-waits = bundle of { $size }, taken { $at }; goes to the server with the next sync
carried-taken = A bundle of { $items } items was handed over: { $stored } new, { $duplicates } known already, { $held } held, { $waiting } waiting for a decision.
stopped = Stopped before the end. What was sent and received until then stays.
stopped-remedy = Sync again; it goes on from there.
chip-syncing = Syncing { $sent } of { $of }
chip-syncing-news = Syncing
chip-offline = Offline
chip-stopped = Sync stopped
next-try = next try at { $at }
no-next-try = It is not tried again by itself: see what to do above.
print-sending = Being sent
print-taken = Taken by the server
what-taken = receipt { $receipt }
print-started = Syncing, { $why }; waiting: { $waiting }
print-received = Received { $n }
print-photo = Photo or file { $number } of { $of }: { $percent } % of { $kb } KB
print-log-counts = waiting { $waiting } · held { $held } · not accepted { $blocked } · photos waiting { $photos } · kills survived { $kills }
print-log = exchanges { $exchanges } · { $up } bytes up, { $down } down · sent { $sent }, held { $held }, received { $received }, photos { $photos } · { $ms } ms
print-chosen = { $label }: { $value } (not { $others }) · chosen by { $by } · { $device } · { $at }
label-row = { $label } · row { $row }
cause-user-asked = because you asked
cause-app-started = because the app was started
cause-network-returned = because the network returned
cause-edit-finished = because something is to be sent
cause-wake-up = because the server has news
cause-background = in the background
cause-timer = because it is time to try again
print-critical-failed = Fails the whole: { $question }
print-critical-open = Not answered yet, and decides about the whole: { $question }
print-looked-at = looked at
print-misfit = no longer fits and would be cleared:
print-newer = This record is of version { $from } of its form. Moving it to version { $to } would change:
print-newer-there = Version { $to } of this form is here; this record is of version { $from }.
print-no-newer = This record is of the newest version of its form.
print-not-passed = not passed
print-nothing-wrong = Nothing is wrong.
print-passed = passed
print-question-added = new:
print-question-changed = changed:
print-question-gone = not asked any more:
print-score = Score { $percent } { $state }
print-score-before = before: { $percent } ({ $at }), change { $change }
print-unseen = stays in the record, unseen:
builds-on-lost = This was written on top of something that the server lost when it was restored from a backup.
builds-on-lost-remedy = Try it again when what it builds on is back, or as the record stands now; or discard it.
lost-by-server = This is from { $who }. The server lost it when it was restored from a backup.
lost-by-server-remedy = It comes back by itself when the phone that made it syncs. If that phone is gone, do it again in your name, or discard it.
print-turned = taken as something else
print-turns = Would be taken as: { $act }
clock-unchecked = time never compared with the server
clock-suspect = clock to be checked
what-decide-request = To ask for the change: request { $n }. To try it again: retry { $n }. To give it up: discard { $n }.
no-request = Changes of this kind cannot be asked for.
no-request-remedy = Ask your supervisor to return or reopen the record, then try the edit again.
handed-waiting = Handed over; waits for a decision.
handed-accepted = Accepted by { $by }, { $at }.
handed-dropped = Dropped by { $by }, { $at }.
handed-dropped-why = Dropped by { $by }, { $at }: { $reason }
handed-here = Work by { $by } from { $at } waits for a decision.
badge-handed = Work waits for a decision
print-handed = Handed over
signed-out = This phone was signed out by { $team }, { $at }. Everything that was unsent was handed over ({ $n }).
file-exists = There is a file with this name already.
file-exists-remedy = It was left as it is: give another name, or move it away first.
enrol-offline = The server cannot be reached ({ $what }), so this phone was not enrolled.
enrol-offline-remedy = Check the address and the network, then try again; the invitation is still good.
io-not-found = there is no such file
io-permission = it may not be read or written
io-folder = it is a folder
io-no-folder = a part of its path is no folder
net-no-answer = no answer in time
net-no-connection = no connection
net-no-setup = the connection cannot be set up
net-broke-off = the connection broke off
net-answer-broke-off = the answer broke off
net-no-bundles = bundles cannot be sent here
net-no-photos = photos cannot be sent here
net-ended = the server ended the line
net-nothing-through = nothing gets through
answer-no-record = “{ $value }” is none of the { $kinds } on this phone.
answer-no-record-remedy = For “{ $field }” give the record's id or its code; `list { $kind }` shows what there is. Sync first if it is new.
answer-many-records = “{ $value }” fits several of the { $kinds }.
answer-many-records-remedy = For “{ $field }” give the record's id; `list { $kind }` shows the ids.
answer-no-person = “{ $value }” is nobody of this team, or more than one.
answer-no-person-remedy = For “{ $field }” give the person's whole name or id.
audit-version = Version of the form
moved-form = the form itself
moved-list = list of choices “{ $list }”
aspect-choices = what can be chosen
aspect-label = wording
aspect-hint = hint
aspect-constraint = what is allowed
aspect-required = whether it must be answered
aspect-type = sort of answer
aspect-media = picture or sound
aspect-relevant = when it is asked
aspect-calculation = how it is worked out
aspect-default = first value
aspect-read-only = whether it can be changed
aspect-repeat-count = how many rows
aspect-appearance = how it looks
aspect-score = score
what-created = new record
what-moved = moved to version { $version } of its form
what-row-added = row added
what-row-removed = row removed
what-cleared = cleared
what-file = photo or file
what-details = details that the form notes by itself
count-items = { $n-number ->
    [one] 1 item
   *[other] { $n } items
 }
count-photos = { $n-number ->
    [one] 1 photo
   *[other] { $n } photos
 }
count-records = { $n-number ->
    [one] 1 record
   *[other] { $n } records
 }
print-wrong = { $n-number ->
    [one] One thing is to be put right:
   *[other] { $n } things are to be put right:
 }
print-wrong-value = : “{ $value }”
print-saved-but = It is kept, but has to be put right before this can be finished:
print-typed = … typed, not an answer yet: “{ $typed }”
print-typed-at = … typed at { $question }, not an answer yet: “{ $typed }”
print-fill-first = Answer “{ $question }” first ({ $key }): what can be chosen here depends on it.
print-no-choices = There is nothing to choose here.
print-never = This phone has not synced yet: run `sync`, then look again.
