package rounds.device

import android.content.Context
import android.hardware.camera2.CameraDevice
import android.media.AudioManager
import android.media.AudioRecordingConfiguration
import android.media.MediaRecorder
import android.os.Build
import android.os.Handler
import android.os.HandlerThread
import android.view.Surface
import java.io.File
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.Clock
import uniffi.rounds_bindings.Ended
import uniffi.rounds_bindings.Medium
import uniffi.rounds_bindings.Progress
import uniffi.rounds_bindings.Reading
import uniffi.rounds_bindings.Recorder
import uniffi.rounds_bindings.Segment
import uniffi.rounds_bindings.SegmentAsk

/** What a window has to do while something is recorded. */
enum class Recording {
    /** Nothing. */
    NONE,

    /** Stay lit: a screen that goes dark ends the recording. */
    SOUND,

    /** Stay lit, lie on its side as the picture does, and show what the camera sees. */
    PICTURES,
}

/**
 * Records sound (ADTS) or pictures with sound (MPEG transport stream): both grow while they are recorded, so that a
 * kill or an empty battery leaves what came before it. A call, an app that is not seen any more, a full phone or a
 * broken recorder ends a segment; what was recorded stays.
 *
 * No lock is held while a person or the hardware is waited for, so that the thread that paints never waits.
 */
class PhoneRecorder(private val context: Context, private val errands: Errands, private val clock: Clock) : Recorder {
    private val thread = HandlerThread("rounds-recorder").apply { start() }
    private val beside = Handler(thread.looper)
    private val audio = context.getSystemService(AudioManager::class.java)
    private val camera = RecordedCamera(context, beside)
    private val lock = Any()
    private var now: UnderWay? = null
    private var beginning = false
    private val shown = MutableStateFlow(Recording.NONE)

    @Volatile private var seen = true

    /** What is recorded, for the window. */
    val state: StateFlow<Recording> = shown.asStateFlow()

    override fun start(ask: SegmentAsk) {
        val video = ask.medium == Medium.VIDEO
        val sound = android.Manifest.permission.RECORD_AUDIO
        if (video) errands.allowed(sound, android.Manifest.permission.CAMERA) else errands.allowed(sound)
        if (audio.mode == AudioManager.MODE_IN_CALL || audio.mode == AudioManager.MODE_IN_COMMUNICATION) {
            throw CaptureException.Unavailable()
        }
        synchronized(lock) {
            if (now != null || beginning) throw CaptureException.Failed("a segment is under way")
            beginning = true
        }
        shown.value = if (video) Recording.PICTURES else Recording.SOUND
        val begun = try {
            begun(ask)
        } catch (e: Throwable) {
            shown.value = Recording.NONE
            synchronized(lock) { beginning = false }
            throw e
        }
        synchronized(lock) {
            beginning = false
            now = begun
        }
        // They looked away while it began.
        if (!seen) begun.end(Ended.BACKGROUND)
    }

    override fun progress(): Progress {
        val now = current()
        if (now.ended == null && room(now.file) < LEAST_ROOM) now.end(Ended.STORAGE)
        return Progress(now.mediaMs(), now.file.length().toULong(), now.ended)
    }

    override fun stop(): Segment {
        val ending = current()
        ending.end(Ended.ASKED)
        synchronized(lock) { if (now === ending) now = null }
        if (ending.file.length() == 0L) throw CaptureException.Failed("nothing was kept")
        return Segment(ending.mediaMs(), ending.ended ?: Ended.ASKED, ending.began, ending.stopped)
    }

    /** Somebody sees the app. */
    fun seen() {
        seen = true
    }

    /** Nobody sees the app any more: the system lets it record no further. Returns at once. */
    fun hidden() {
        seen = false
        beside.post { synchronized(lock) { now }?.end(Ended.BACKGROUND) }
    }

    /** Where the camera's pictures can be looked at while they are recorded; none when that is gone. */
    fun previewed(on: Surface?) = camera.previewed(on)

    private fun current() = synchronized(lock) { now } ?: throw CaptureException.Failed("nothing is recorded")

    private fun begun(ask: SegmentAsk): UnderWay {
        val file = File(ask.file)
        val free = room(file)
        if (free < LEAST_ROOM) throw CaptureException.Failed("no room")
        val recorder = if (Build.VERSION.SDK_INT >= 31) MediaRecorder(context) else @Suppress("DEPRECATION") MediaRecorder()
        val segment = UnderWay(file, recorder)
        try {
            val video = ask.medium == Medium.VIDEO
            recorder.setAudioSource(MediaRecorder.AudioSource.VOICE_RECOGNITION)
            if (video) recorder.setVideoSource(MediaRecorder.VideoSource.SURFACE)
            recorder.setOutputFormat(if (video) MediaRecorder.OutputFormat.MPEG_2_TS else MediaRecorder.OutputFormat.AAC_ADTS)
            recorder.setAudioEncoder(MediaRecorder.AudioEncoder.AAC)
            recorder.setAudioSamplingRate(SAMPLES)
            val sound = minOf(ask.bitsPerS.toInt(), SOUND_BITS)
            recorder.setAudioEncodingBitRate(sound)
            if (video) {
                val longest = ask.longestPx.toInt().coerceIn(320, 1280)
                recorder.setVideoEncoder(MediaRecorder.VideoEncoder.H264)
                recorder.setVideoSize(longest / 16 * 16, longest * 9 / 16 / 16 * 16)
                recorder.setVideoFrameRate(FRAMES)
                recorder.setVideoEncodingBitRate((ask.bitsPerS.toInt() - sound).coerceAtLeast(SOUND_BITS))
            }
            recorder.setMaxFileSize(free - LEAST_ROOM / 2)
            recorder.setOutputFile(ask.file)
            recorder.setOnErrorListener { _, _, _ -> beside.post { segment.end(Ended.BROKEN) } }
            recorder.setOnInfoListener { _, what, _ ->
                if (what == MediaRecorder.MEDIA_RECORDER_INFO_MAX_FILESIZE_REACHED) beside.post { segment.end(Ended.STORAGE) }
            }
            recorder.prepare()
            if (video) segment.camera = camera.open(recorder.surface, segment::end)
            recorder.start()
            segment.begin()
            return segment
        } catch (e: CaptureException) {
            segment.release()
            throw e
        } catch (_: SecurityException) {
            segment.release()
            throw CaptureException.Denied()
        } catch (e: Exception) {
            segment.release()
            throw CaptureException.Failed(e.javaClass.simpleName)
        }
    }

    /** Bytes that are free where the file is. */
    private fun room(file: File) = file.absoluteFile.parentFile?.usableSpace ?: 0

    private inner class UnderWay(val file: File, private val recorder: MediaRecorder) {
        var camera: CameraDevice? = null
        private var released = false

        @Volatile var began: Reading? = null
            private set

        @Volatile var stopped: Reading? = null
            private set

        @Volatile var ended: Ended? = null
            private set

        /** A call takes the microphone: what would be recorded from then on is silence. Told of this recorder alone. */
        private val silenced = object : AudioManager.AudioRecordingCallback() {
            override fun onRecordingConfigChanged(ours: List<AudioRecordingConfiguration>) {
                if (ours.any { it.isClientSilenced }) end(Ended.CALL)
            }
        }

        fun begin() {
            began = clock.read()
            recorder.registerAudioRecordingCallback({ beside.post(it) }, silenced)
        }

        @Synchronized
        fun end(by: Ended) {
            if (ended != null) return
            stopped = runCatching { clock.read() }.getOrNull()
            ended = by
            // What was recorded before a broken recorder is in the file already.
            runCatching { recorder.stop() }
            release()
        }

        @Synchronized
        fun release() {
            if (released) return
            released = true
            // It may never have been registered.
            runCatching { recorder.unregisterAudioRecordingCallback(silenced) }
            runCatching { camera?.close() }
            recorder.release()
            shown.value = Recording.NONE
        }

        fun mediaMs(): ULong {
            val from = began?.monoMs ?: return 0u
            val until = if (ended == null) clock.read() else stopped ?: return 0u
            return until.monoMs - from
        }
    }

    private companion object {
        const val SAMPLES = 44_100
        const val SOUND_BITS = 64_000
        const val FRAMES = 24

        /** So many bytes stay free, for the core to store what was recorded. */
        const val LEAST_ROOM = 64L shl 20
    }
}
