import Foundation
import RoundsCore
import Security

/// Small secrets in the keychain. They can be read once the phone was unlocked after its start, because a
/// sync in the background needs them; they are on this phone only, in no backup, and not tied to the lock
/// or to a face: when those change, such secrets are gone, and unsent work with them.
final class Keychain: KeyStore {
  private let service: String

  init(service: String) {
    self.service = service
  }

  /// None if there never was one. A secret that cannot be read now is an error and never none: a new key
  /// would hide what the old one sealed.
  func load(name: String) throws -> Data? {
    var query = query(name)
    query[kSecReturnData] = true
    query[kSecMatchLimit] = kSecMatchLimitOne
    var found: CFTypeRef?
    let status = SecItemCopyMatching(query as CFDictionary, &found)
    switch status {
    case errSecSuccess:
      guard let secret = found as? Data else { throw CaptureError.Failed(what: "keychain: no data") }
      return secret
    case errSecItemNotFound:
      return nil
    default:
      throw fault(status)
    }
  }

  func store(name: String, secret: Data) throws {
    var item = query(name)
    item[kSecAttrAccessible] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
    item[kSecValueData] = secret
    let status = SecItemAdd(item as CFDictionary, nil)
    guard status == errSecDuplicateItem else { return try check(status) }
    let change: [CFString: Any] = [
      kSecValueData: secret, kSecAttrAccessible: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
    ]
    try check(SecItemUpdate(query(name) as CFDictionary, change as CFDictionary))
  }

  func remove(name: String) throws {
    let status = SecItemDelete(query(name) as CFDictionary)
    if status != errSecItemNotFound { try check(status) }
  }

  private func query(_ name: String) -> [CFString: Any] {
    [
      kSecClass: kSecClassGenericPassword, kSecAttrService: service, kSecAttrAccount: name,
      kSecAttrSynchronizable: false, kSecUseDataProtectionKeychain: true,
    ]
  }

  private func check(_ status: OSStatus) throws {
    guard status == errSecSuccess else { throw fault(status) }
  }

  private func fault(_ status: OSStatus) -> CaptureError {
    // Not unlocked since the phone was started.
    status == errSecInteractionNotAllowed ? .Unavailable : .Failed(what: "keychain \(status)")
  }
}
