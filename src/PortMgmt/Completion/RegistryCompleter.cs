using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using PortMgmt.Leases;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Completes a word from what a registry or the system has right now. A registry in trouble completes nothing.</summary>
public abstract class RegistryCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        var pattern = new WildcardPattern(word.EndsWith('*') ? word : word + "*", WildcardOptions.IgnoreCase);
        try
        {
            return [.. FindCandidates(fakeBoundParameters).Where(found => pattern.IsMatch(found.ListItemText))];
        }
        catch (PortRegistryException)
        {
            return [];
        }
    }

    /// <summary>All that could stand here, with tooltips.</summary>
    /// <param name="boundParameters">The parameters that the command line has already.</param>
    protected abstract IEnumerable<CompletionResult> FindCandidates(IDictionary boundParameters);

    /// <summary>The leases of the registry that the command line names.</summary>
    protected static IReadOnlyList<PortLease> FindLeases(IDictionary boundParameters)
    {
        string? directory = boundParameters["Registry"] as string;
        if (directory is not null)
        {
            directory = Runspace.DefaultRunspace.SessionStateProxy.Path.GetUnresolvedProviderPathFromPSPath(directory);
        }
        return PortRegistry.Open(new PortRegistryOptions { Directory = directory }).GetLeases();
    }

    /// <summary>A port as a completion.</summary>
    protected static CompletionResult ForPort(int port, string tooltip)
    {
        string text = Infrastructure.PortText.Number(port);
        return new CompletionResult(text, text, CompletionResultType.ParameterValue, tooltip);
    }
}
