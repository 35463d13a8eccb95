using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.Text;

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
        catch (Exception failure) when (failure is PortRegistryException or RuntimeException)
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
        string? directory = boundParameters["Registry"] is string path ? ResolvePath(path) : null;
        return PortRegistry.Open(new PortRegistryOptions { Directory = directory }).GetLeases();
    }

    /// <summary>A port as a completion.</summary>
    protected static CompletionResult ForPort(int port, string tooltip)
    {
        string text = Terminal.PortText.Number(port);
        return new CompletionResult(text, text, CompletionResultType.ParameterValue, VisibleText.From(tooltip));
    }

    // The runspace is at work on the completion, so its session state is to be had by a nested pipeline alone.
    private static string? ResolvePath(string path)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])").AddArgument(path)
            .Invoke<string>().FirstOrDefault();
    }
}
