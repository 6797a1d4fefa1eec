// For the depcruise command (graphs, editors). The rules and their tests stand in infra/checks.
import { options, rules } from './infra/checks/dependency-rules.ts'

export default { forbidden: rules, options }
