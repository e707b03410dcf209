package rounds.device

import android.content.Context
import android.os.Build
import android.provider.Settings
import java.io.File
import rounds.model.Signing
import rounds.model.Stroke
import uniffi.rounds_bindings.Machine

/** Everything that the core is given of an Android phone. [sign] shows the pad and waits. */
fun phoneMachine(context: Context, errands: Errands, recorder: PhoneRecorder, sign: (Signing) -> List<Stroke>?): Machine {
    val clock = PhoneClock(context)
    return Machine(
        clock = clock,
        keys = PhoneKeys(context),
        camera = PhoneCamera(context, errands),
        recorder = recorder,
        location = PhoneLocation(context, errands),
        barcode = PhoneBarcode(context, errands),
        signature = PhonePad(sign),
        fonts = FONTS.map { "/system/fonts/$it" }.filter { File(it).canRead() },
        deviceName = Settings.Global.getString(context.contentResolver, Settings.Global.DEVICE_NAME)
            ?: "${Build.MANUFACTURER} ${Build.MODEL}",
    )
}

private val FONTS = listOf("NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "DroidSansFallback.ttf", "Roboto-Regular.ttf")
