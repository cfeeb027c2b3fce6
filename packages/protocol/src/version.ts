/** The WebSocket subprotocol and the version a client says hello with. */
export const PROTOCOL_VERSION = 'apex.v1'

/** Raised with every change of the wire; a test holds it to the hash of all schemas. */
export const PROTOCOL_REVISION = 1
