using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PortMgmt.Tests;

/// <summary>A runspace of this process, for what needs a session of a caller: its variables, and script blocks that are called.</summary>
public sealed class EngineFixture : IDisposable
{
    private readonly Runspace _runspace;

    public EngineFixture()
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        _runspace.Open();
    }

    /// <summary>The session's state, as a cmdlet that is called in it has it.</summary>
    public SessionState State => ((EngineIntrinsics)Run("$ExecutionContext")[0].BaseObject).SessionState;

    /// <summary>Makes it the runspace of this thread: script blocks that are made or called on it are this one's.</summary>
    public void Enter() => Runspace.DefaultRunspace = _runspace;

    /// <summary>Runs a script in the session's own scope.</summary>
    public Collection<PSObject> Run(string script)
    {
        Enter();
        using var shell = System.Management.Automation.PowerShell.Create();
        shell.Runspace = _runspace;
        return shell.AddScript(script, useLocalScope: false).Invoke();
    }

    public void Dispose() => _runspace.Dispose();
}
