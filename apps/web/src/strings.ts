import { chatStrings } from './strings/chat-strings.ts'
import { evidenceStrings } from './strings/evidence-strings.ts'
import { settingsStrings } from './strings/settings-strings.ts'
import { sourcesStrings } from './strings/sources-strings.ts'

/** Every word a person reads in the web app, in one place, so that another language is another module. */
export const strings = {
  product: 'Netra Apex',
  cancel: 'Cancel',
  close: 'Close',
  copied: 'Copied',
  copyDenied: 'Copying was denied',
  loading: 'Loading',
  tableOf: (what: string) => `${what}, table`,
  skipToContent: 'Skip to content',
  skipToComposer: 'Skip to the message box',
  offlineAnalyst: 'offline analyst',
  offlineAnalystMeans:
    'No AI model is connected. A rule-based analyst asks the same questions of your data and writes the report.',
  sampleData: 'sample data',
  sampleDataMeans: 'Generated calls are part of this figure. They are nobody’s real spend.',

  rooms: { label: 'Rooms', chat: 'Chat', sources: 'Sources', settings: 'Settings', open: 'Open rooms' },

  link: {
    live: 'Live',
    connecting: 'Connecting',
    reconnecting: 'Reconnecting',
    offline: 'Offline',
    stopped: 'Not connected',
    reconnectNow: 'Reconnect now',
    nextTry: (wait: string) => `Next try in ${wait}.`,
    trying: 'Trying now.',
    offlineBanner: 'You are offline. What you see stays; what you send waits and goes out once when you are back.',
    reconnectingBanner: 'The connection is being restored. Runs go on without it.',
    stoppedBanner: 'Live updates have stopped. Reload the page to start them again.',
    tooManySockets: 'Too many tabs are open for live updates. Close one, or use this tab instead.',
    hereInstead: 'Use this tab',
    reload: 'Reload',
  },

  theme: { label: 'Theme', system: 'System', light: 'Light', dark: 'Dark', switch: 'Switch theme' },

  user: {
    menu: (initials: string, name: string) => `${initials}, account of ${name}`,
    settings: 'Profile and settings',
    shortcuts: 'Keyboard shortcuts',
    signOut: 'Sign out',
    organizations: 'Organisations',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    list: [
      ['Send the message', 'Enter'],
      ['New line', 'Shift Enter'],
      ['Stop the run', 'Esc'],
      ['Bring back your last message', '↑ in an empty box'],
      ['New conversation', 'N'],
      ['Search threads', '/'],
      ['Write a message', 'C'],
      ['Previous and next figure', '[ and ]'],
      ['Close what is open', 'Esc'],
      ['This list', '?'],
    ] as const,
  },

  signIn: {
    title: 'Sign in',
    lead: 'See where the money for AI goes, and what to change.',
    email: 'E-mail',
    password: 'Password',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    submit: 'Sign in',
    busy: 'Signing in',
    wrong: 'E-mail or password is not right. Check both and try again; accounts are created by invitation.',
    throttled: (wait: string) => `Too many tries. You can try again in ${wait}.`,
    away: 'The server does not answer. Check that it is running and that you are online, then try again.',
    ended: 'Your session has ended. Sign in again; you come back to the same place and your draft is kept.',
    firstStart: 'The first start prints the owner’s e-mail and password in the terminal.',
    signedOut: 'Signed out',
  },

  invite: {
    title: (organization: string) => `Join ${organization}`,
    lead: (email: string, role: string) => `You are invited as ${role} with ${email}.`,
    existing: 'You have an account with this e-mail. Enter its password to join.',
    name: 'Your name',
    password: 'Password',
    newPassword: 'Choose a password',
    passwordHint: '12 to 128 characters. A sentence is fine.',
    submit: 'Join',
    busy: 'Joining',
    missingTitle: 'This link is not complete',
    missing: 'The part after # is missing. Copy the whole link from the person who invited you.',
    goneTitle: 'This invitation no longer works',
    gone: 'It was used, withdrawn, or has expired. Ask for a new one.',
    wrongPassword: 'This password does not belong to the account. Try again.',
    tooShort: 'Use at least 12 characters.',
    toSignIn: 'Go to sign in',
  },

  problem: {
    retry: 'Try again',
    copyRequestId: 'Copy request id',
    charged: 'Charged for',
    notCharged: 'Nothing was charged',
    tryAgainIn: (wait: string) => `Try again in ${wait}.`,
    awayTitle: 'The server does not answer',
    away: 'It may be starting, or you may be offline. Nothing is lost; try again.',
    versionTitle: 'This page and the server do not match',
    version: 'The server speaks another version than this page. Reload the page.',
    unknownTitle: 'Something went wrong in this page',
    unknown: 'This is a fault of the page, not of what you did. Reload it; if it stays, tell the operator.',
    notFoundTitle: 'Not found',
    notFound: 'There is nothing at this address, or it is not yours to see.',
    toChat: 'Go to chat',
    deniedTitle: 'Not allowed',
    denied: 'Your role does not include this. An owner or admin of the organisation can do it.',
  },

  chat: chatStrings,
  evidence: evidenceStrings,
  sources: sourcesStrings,
  settings: settingsStrings,
} as const
