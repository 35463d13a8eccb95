using System.Management.Automation;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Names from the session in which the command line is written.</summary>
public abstract class SessionCompleter : ValueCompleter
{
    /// <summary>Runs a command of the engine where the user is.</summary>
    private protected static IEnumerable<T> Find<T>(string command)
        where T : class
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return [.. shell.AddScript(command, useLocalScope: true).Invoke().Select(static item => item?.BaseObject).OfType<T>()];
    }
}
