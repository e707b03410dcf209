package rounds.simulator

import rounds.model.Given
import rounds.model.Screen

/** The PIN of a made-up rep; the core refuses easier ones. */
const val PIN = "2580"

/**
 * Goes from wherever the phone begins to the rep's first screen: becomes a device of the team, chooses a PIN, or
 * gives it. [invite] makes an invitation, if one is needed; [seen] sees each screen on the way.
 */
fun Desk.signIn(server: String, invite: () -> String, seen: (Screen) -> Unit = {}): Screen {
    repeat(4) {
        val now = core.now().also(seen)
        val given = when (now.name) {
            "enrol" -> mapOf("server" to server, "code" to invite(), "device" to "Simulator")
            "first_pin" -> mapOf("pin" to PIN, "again" to PIN)
            "pin" -> mapOf("pin" to PIN)
            else -> return now
        }
        val main = checkNotNull(now.main) { now.name }
        val after = core.tap(main.tap, given.map { (key, value) -> Given(key, value) })
        check(after.screen.name != now.name) { "${now.name}: ${after.said}" }
    }
    return core.now()
}
