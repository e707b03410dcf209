package rounds.simulator

import uniffi.rounds_bindings.Fix

/** Where a desktop can be: at the doors of two stores of the demo team, far from both, made up, and nowhere. */
internal fun places(tools: DeskTools): List<Pair<String, Fix?>> = listOf(
    "中山广场店" to tools.at(38.92012, 121.64431),
    "青泥洼桥店" to tools.at(38.91785, 121.63395, 20.0),
    "far away" to tools.at(38.95000, 121.60000),
    "made up" to tools.at(38.92012, 121.64431, 5.0, mock = true),
    "unknown" to null,
)
