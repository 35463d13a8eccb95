using System.Management.Automation.Runspaces;

namespace PortMgmt.PowerShell.Execution;

/// <summary>What a worker's runspace has when it is opened. Equal setups share warm runspaces. Thread-safe.</summary>
internal sealed class RunspaceSetup : IEquatable<RunspaceSetup>
{
    private readonly IReadOnlyList<string> _modules;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _functions;
    private readonly Lazy<InitialSessionState> _state;

    /// <summary>Describes a runspace.</summary>
    /// <param name="modules">Names or paths of modules to import.</param>
    /// <param name="functions">Names of functions and their text.</param>
    public RunspaceSetup(IReadOnlyList<string> modules, IReadOnlyList<KeyValuePair<string, string>> functions)
    {
        _modules = modules;
        _functions = functions;
        _state = new Lazy<InitialSessionState>(MakeState);
    }

    /// <summary>Names of functions and their text.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Functions => _functions;

    /// <summary>Opens a runspace whose pipelines run on the thread that starts them.</summary>
    public Runspace Open()
    {
        Runspace runspace = RunspaceFactory.CreateRunspace(_state.Value);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        try
        {
            runspace.Open();
            return runspace;
        }
        catch (Exception)
        {
            runspace.Dispose();
            throw;
        }
    }

    public bool Equals(RunspaceSetup? other) =>
        other is not null && _modules.SequenceEqual(other._modules) && _functions.SequenceEqual(other._functions);

    public override bool Equals(object? obj) => Equals(obj as RunspaceSetup);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (string module in _modules)
        {
            hash.Add(module);
        }
        foreach (KeyValuePair<string, string> function in _functions)
        {
            hash.Add(function);
        }
        return hash.ToHashCode();
    }

    private InitialSessionState MakeState()
    {
        // With the engine's own modules as part of the state: the first Start-Sleep of a runspace would otherwise import
        // Microsoft.PowerShell.Utility, which takes longer than the rest of the opening.
        InitialSessionState state = InitialSessionState.CreateDefault();
        state.ThrowOnRunspaceOpenError = true;
        state.Commands.Add(new SessionStateCmdletEntry(PumpCommand.Name, typeof(PumpCommand), null));
        state.Commands.Add(OwnCmdlets.Entries());
        state.Commands.Add(_functions.Select(function => new SessionStateFunctionEntry(function.Key, function.Value)));
        state.ImportPSModule([.. _modules]);
        return state;
    }
}
