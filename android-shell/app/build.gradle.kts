plugins {
    id("com.android.application") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.3.0"
    id("org.jetbrains.kotlin.plugin.compose") version "2.3.0"
}

// What scripts/bindings and scripts/android make before Gradle runs: the generated Kotlin, and the libraries.
val made = rootDir.resolve("../target")

android {
    namespace = "rounds.app"
    compileSdk = 36
    // r28 aligns libraries to pages of 16 KB by itself.
    ndkVersion = "28.2.13676358"

    defaultConfig {
        applicationId = "rounds.app"
        // getCurrentLocation, and cameras that only the system's apps answer for.
        minSdk = 30
        targetSdk = 36
        versionCode = 1
        versionName = "0.1.0"
        ndk { abiFilters += listOf("arm64-v8a", "x86_64") }
    }

    // The sources that Maven compiles, as they are.
    sourceSets["main"].kotlin.directories += listOf(
        "src/main/kotlin",
        "../model/src/main/kotlin",
        "../ui/src/main/kotlin",
        "../device/src/main/kotlin",
        made.resolve("bindings/kotlin").path,
    )
    sourceSets["main"].jniLibs.directories += made.resolve("android/jniLibs").path

    buildFeatures { compose = true }

    buildTypes {
        release {
            isMinifyEnabled = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "keep.pro")
        }
    }

    packaging { jniLibs { useLegacyPackaging = false } }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

kotlin { jvmToolchain(17) }

dependencies {
    // The names are those of the artifacts that Maven takes for the desktop.
    implementation(platform("androidx.compose:compose-bom:2025.10.00"))
    implementation("androidx.compose.ui:ui")
    implementation("androidx.compose.foundation:foundation")
    implementation("androidx.compose.material3:material3")
    implementation("androidx.activity:activity-compose:1.11.0")
    implementation("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.10.2")
    implementation("net.java.dev.jna:jna:5.18.1@aar")
    implementation("com.google.zxing:core:3.5.3")
}
