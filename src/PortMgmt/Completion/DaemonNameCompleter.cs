using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Names of daemons; the tooltip has the limit and what runs.</summary>
public sealed class DaemonNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = new WildcardPattern((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return
        [
            .. DaemonTable.Shared.GetAll().Where(daemon => pattern.IsMatch(daemon.Name)).Select(daemon => new CompletionResult(
                daemon.Name,
                daemon.Name,
                CompletionResultType.ParameterValue,
                $"{daemon.Name}: at most {daemon.MaxConcurrent} at once, {daemon.ActiveOperations} run now")),
        ];
    }
}
