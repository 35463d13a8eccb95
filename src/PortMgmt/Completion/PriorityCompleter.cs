using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Names of priorities, for a parameter that takes a script block as well.</summary>
public sealed class PriorityCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = new WildcardPattern((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return [.. Enum.GetNames<OperationPriority>().Where(pattern.IsMatch).Select(name => new CompletionResult(name))];
    }
}
