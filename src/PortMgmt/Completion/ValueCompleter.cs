using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Completes a word from values that have tooltips. Values that PowerShell would not take for one word are quoted.</summary>
public abstract class ValueCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? "").Trim('\'', '"');
        return
        [
            .. FindValues(fakeBoundParameters)
                .Where(found => found.Value.StartsWith(word, StringComparison.OrdinalIgnoreCase) || new WildcardPattern(word + "*", WildcardOptions.IgnoreCase).IsMatch(found.Value))
                .Select(found => new CompletionResult(Quote(found.Value), found.Value, CompletionResultType.ParameterValue, found.Tooltip)),
        ];
    }

    /// <summary>All that could stand here, with tooltips.</summary>
    /// <param name="boundParameters">The parameters that the command line has already.</param>
    protected abstract IEnumerable<(string Value, string Tooltip)> FindValues(IDictionary boundParameters);

    private static string Quote(string value) => value.Length > 0 && value.All(character => char.IsLetterOrDigit(character) || character is '.' or '_' or '-' or ':' or '/')
        ? value
        : "'" + CodeGeneration.EscapeSingleQuotedStringContent(value) + "'";
}
