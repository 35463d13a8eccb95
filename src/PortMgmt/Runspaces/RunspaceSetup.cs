using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell.Commands;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Runspaces;

/// <summary>What a worker's runspace has when it is opened. Thread-safe.</summary>
internal sealed class RunspaceSetup
{
    private readonly IReadOnlyList<ModuleSpecification> _modules;
    private readonly IReadOnlyList<BroughtFunction> _functions;
    private readonly bool _importsNothing;
    private readonly Lazy<InitialSessionState> _state;

    /// <summary>One block for all runspaces, so that the functions are compiled once; null where each has to have its own.</summary>
    private readonly ScriptBlock? _definitions;

    /// <summary>Describes a runspace.</summary>
    /// <param name="modules">Modules to import.</param>
    /// <param name="functions">Functions to define.</param>
    /// <param name="importsNothing">What runs in it loads no module, so that it need not have tables of types and formats to itself.</param>
    public RunspaceSetup(IReadOnlyList<ModuleSpecification> modules, IReadOnlyList<BroughtFunction> functions, bool importsNothing)
    {
        _modules = modules;
        _functions = functions;
        _importsNothing = importsNothing;
        _state = new Lazy<InitialSessionState>(MakeState);
        _definitions = functions.Count == 0 || functions.Any(static function => function.IsMadeAnew) ? null : BroughtFunction.Definitions(functions);
    }

    /// <summary>Functions of the caller that are defined in it.</summary>
    public IReadOnlyList<BroughtFunction> Functions => _functions;

    /// <summary>Names or paths of modules to import, with the version where one was asked for.</summary>
    public IEnumerable<string> ModuleNames => _modules.Select(static module => module.ToString());

    /// <summary>What runs in it may load modules.</summary>
    public bool MayImport => !_importsNothing;

    /// <summary>Opens a runspace whose pipelines run on the thread that starts them.</summary>
    public Runspace Open()
    {
        Runspace runspace = RunspaceFactory.CreateRunspace(_state.Value);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        try
        {
            runspace.Open();
            DefineFunctions(runspace);
            return runspace;
        }
        catch (Exception)
        {
            runspace.Dispose();
            throw;
        }
    }

    /// <summary>Whether a runspace that was opened as this says will do for the other.</summary>
    public bool Serves(RunspaceSetup other) =>
        (!_importsNothing || other._importsNothing) && ModuleNames.SequenceEqual(other.ModuleNames) && _functions.SequenceEqual(other._functions);

    // By running their definitions, as a script does that has them: a filter stays one, and each knows its file and line.
    private void DefineFunctions(Runspace runspace)
    {
        if (_functions.Count > 0)
        {
            using var shell = System.Management.Automation.PowerShell.Create();
            shell.Runspace = runspace;
            shell.AddScript(". $args[0]", useLocalScope: false).AddArgument(_definitions ?? BroughtFunction.Definitions(_functions)).Invoke();
        }
    }

    private InitialSessionState MakeState()
    {
        // With the engine's own modules as part of the state: the first Start-Sleep of a runspace would otherwise import
        // Microsoft.PowerShell.Utility, which takes longer than the rest of the opening.
        var state = InitialSessionState.CreateDefault();
        state.ThrowOnRunspaceOpenError = true;
        state.Commands.Add(new SessionStateCmdletEntry(PumpCommand.Name, typeof(PumpCommand), null));
        state.Commands.Add(OwnCmdlets.Entries());
        state.ImportPSModule(_modules);
        if (_importsNothing)
        {
            ShareTables(state);
        }

        return state;
    }

    // Two fifths of the time that opening takes and three fifths of its memory. The engine refuses to extend tables that are shared.
    private static void ShareTables(InitialSessionState state)
    {
        state.Types.Clear();
        state.Types.Add(new SessionStateTypeEntry(TypeTable.LoadDefaultTypeFiles()));
        state.Formats.Clear();
        state.Formats.Add(new SessionStateFormatEntry(FormatTable.LoadDefaultFormatFiles()));
    }
}
