// The build for phones. It needs Google's repository, the SDK and the NDK; see README.md. Everything but `app` is
// also compiled and tested by Maven, without them.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "rounds"
include(":app")
