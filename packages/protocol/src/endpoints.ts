import type { Endpoint } from './endpoint.ts'
import { AddCalls } from './endpoints/analytics/add-calls.ts'
import { AskQuestion } from './endpoints/analytics/ask-question.ts'
import { CreateImport } from './endpoints/analytics/create-import.ts'
import { GetImport } from './endpoints/analytics/get-import.ts'
import { GetRejects } from './endpoints/analytics/get-rejects.ts'
import { ListClaims } from './endpoints/analytics/list-claims.ts'
import { ListImports } from './endpoints/analytics/list-imports.ts'
import { ListPrices } from './endpoints/analytics/list-prices.ts'
import { LoadSample } from './endpoints/analytics/load-sample.ts'
import { PreviewImport } from './endpoints/analytics/preview-import.ts'
import { PublishClaims } from './endpoints/analytics/publish-claims.ts'
import { RerunClaim } from './endpoints/analytics/rerun-claim.ts'
import { RetractImport } from './endpoints/analytics/retract-import.ts'
import { AcceptInvitation } from './endpoints/auth/accept-invitation.ts'
import { ChangePassword } from './endpoints/auth/change-password.ts'
import { CreateInvitation } from './endpoints/auth/create-invitation.ts'
import { CreateOrganization } from './endpoints/auth/create-organization.ts'
import { GetJwks } from './endpoints/auth/jwks.ts'
import { ListInvitations } from './endpoints/auth/list-invitations.ts'
import { ListMembers } from './endpoints/auth/list-members.ts'
import { ListSessions } from './endpoints/auth/list-sessions.ts'
import { GetMe } from './endpoints/auth/me.ts'
import { PreviewInvitation } from './endpoints/auth/preview-invitation.ts'
import { RevokeInvitation } from './endpoints/auth/revoke-invitation.ts'
import { RevokeSession } from './endpoints/auth/revoke-session.ts'
import { RotateKeys } from './endpoints/auth/rotate-keys.ts'
import { SignIn } from './endpoints/auth/sign-in.ts'
import { SignOut } from './endpoints/auth/sign-out.ts'
import { SwitchOrganization } from './endpoints/auth/switch-organization.ts'
import { MintToken } from './endpoints/auth/token.ts'
import { CreateTicket } from './endpoints/chat/create-ticket.ts'
import { DeleteThread } from './endpoints/chat/delete-thread.ts'
import { GetReport } from './endpoints/chat/get-report.ts'
import { GetRun } from './endpoints/chat/get-run.ts'
import { GetThread } from './endpoints/chat/get-thread.ts'
import { ListAgents } from './endpoints/chat/list-agents.ts'
import { ListEvents } from './endpoints/chat/list-events.ts'
import { ListMessages } from './endpoints/chat/list-messages.ts'
import { ListRuns } from './endpoints/chat/list-runs.ts'
import { ListThreads } from './endpoints/chat/list-threads.ts'
import { RenameThread } from './endpoints/chat/rename-thread.ts'
import { StartRun } from './endpoints/chat/start-run.ts'
import { StopRun } from './endpoints/chat/stop-run.ts'

/** Every HTTP endpoint of the product, in one list: routers and the OpenAPI document read it. */
export const ENDPOINTS: readonly Endpoint[] = [
  AcceptInvitation,
  ChangePassword,
  CreateInvitation,
  CreateOrganization,
  GetJwks,
  ListInvitations,
  ListMembers,
  ListSessions,
  GetMe,
  PreviewInvitation,
  RevokeInvitation,
  RevokeSession,
  RotateKeys,
  SignIn,
  SignOut,
  SwitchOrganization,
  MintToken,
  CreateTicket,
  DeleteThread,
  GetReport,
  GetRun,
  GetThread,
  ListAgents,
  ListEvents,
  ListMessages,
  ListRuns,
  ListThreads,
  RenameThread,
  StartRun,
  StopRun,
  AddCalls,
  AskQuestion,
  CreateImport,
  GetImport,
  GetRejects,
  ListClaims,
  ListImports,
  ListPrices,
  LoadSample,
  PreviewImport,
  PublishClaims,
  RerunClaim,
  RetractImport,
]
