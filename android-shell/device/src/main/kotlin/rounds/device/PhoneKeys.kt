package rounds.device

import android.content.Context
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import java.io.File
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import uniffi.rounds_bindings.CaptureException
import uniffi.rounds_bindings.KeyStore as CoreKeys

/**
 * Keeps secrets in files, sealed by one key of the Keystore, which never leaves the phone's hardware where that has
 * room for keys. A sealed secret is the 12 bytes of the nonce and then AES-256-GCM, with the secret's name bound in.
 *
 * The key is bound neither to the screen's lock nor to fingerprints: reps change those, and unsent work must not be
 * lost with them.
 */
class PhoneKeys(context: Context) : CoreKeys {
    private val folder = File(context.noBackupFilesDir, "keys").apply { mkdirs() }
    private val store: KeyStore by lazy { KeyStore.getInstance(KEYSTORE).apply { load(null) } }

    @Synchronized
    override fun load(name: String): ByteArray? = used {
        val file = file(name)
        if (!file.exists()) return@used null
        val sealed = file.readBytes()
        // A secret is there and cannot be read: never none, because a new one would hide what the old one opens.
        val key = known() ?: throw CaptureException.Lost()
        if (sealed.size <= NONCE) throw CaptureException.Lost()
        val cipher = Cipher.getInstance(AES_GCM)
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, sealed, 0, NONCE))
        cipher.updateAAD(name.toByteArray())
        cipher.doFinal(sealed, NONCE, sealed.size - NONCE)
    }

    @Synchronized
    override fun store(name: String, secret: ByteArray) = used {
        val cipher = sealing()
        cipher.updateAAD(name.toByteArray())
        val draft = File(folder, "${file(name).name}.new")
        draft.outputStream().use {
            it.write(cipher.iv + cipher.doFinal(secret))
            it.fd.sync()
        }
        if (!draft.renameTo(file(name))) throw CaptureException.Failed("not kept")
    }

    @Synchronized
    override fun remove(name: String) = used {
        val file = file(name)
        if (file.exists() && !file.delete()) throw CaptureException.Failed("not removed")
    }

    private fun file(name: String): File {
        if (name.isEmpty() || name.any { !it.isLetterOrDigit() && it != '-' }) throw CaptureException.Failed("name")
        return File(folder, name)
    }

    /** With the key of the Keystore; one that is lost for good is made anew, because it opens nothing any more. */
    private fun sealing(): Cipher = try {
        Cipher.getInstance(AES_GCM).apply { init(Cipher.ENCRYPT_MODE, known() ?: made()) }
    } catch (_: KeyPermanentlyInvalidatedException) {
        Cipher.getInstance(AES_GCM).apply { init(Cipher.ENCRYPT_MODE, made()) }
    }

    private fun known(): SecretKey? = store.getKey(ALIAS, null) as SecretKey?

    private fun made(): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec = KeyGenParameterSpec.Builder(ALIAS, purposes)
            .setKeySize(KEY_BITS)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KEYSTORE).apply { init(spec) }.generateKey()
    }

    private fun <T> used(does: () -> T): T = try {
        does()
    } catch (e: KeyPermanentlyInvalidatedException) {
        throw CaptureException.Lost()
    } catch (e: AEADBadTagException) {
        // Sealed by another key than the one that is there, or not what was sealed.
        throw CaptureException.Lost()
    } catch (e: GeneralSecurityException) {
        // Busy, or not there yet: it may come back.
        throw CaptureException.Unavailable()
    } catch (e: IOException) {
        throw CaptureException.Failed(e.javaClass.simpleName)
    }

    private companion object {
        const val KEYSTORE = "AndroidKeyStore"
        const val ALIAS = "rounds"
        const val AES_GCM = "AES/GCM/NoPadding"
        const val KEY_BITS = 256
        const val TAG_BITS = 128
        const val NONCE = 12
    }
}
