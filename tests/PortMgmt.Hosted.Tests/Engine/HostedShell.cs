using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PortMgmt.Hosted.Tests.Engine;

/// <summary>A runspace of this process with the module imported and a registry that nobody else has.</summary>
public sealed class HostedShell : IDisposable
{
    private readonly Runspace _runspace;

    public HostedShell(string registry)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Repository.Manifest]);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
        _runspace.SessionStateProxy.SetVariable("registry", registry);
    }

    /// <summary>A pipeline for a script, in which <c>$registry</c> is the registry's directory.</summary>
    public PowerShell NewPipeline(string script)
    {
        var shell = PowerShell.Create();
        shell.Runspace = _runspace;
        return shell.AddScript(script);
    }

    public IReadOnlyList<PSObject> Run(string script)
    {
        using PowerShell shell = NewPipeline(script);
        return shell.Invoke();
    }

    public void Dispose() => _runspace.Dispose();
}
