using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>What commands sessions have, and which of these every runspace has. Used on the thread of the cmdlet.</summary>
/// <param name="caller">The session of whoever called the cmdlet.</param>
internal sealed class SessionCommands(SessionState caller)
{
    /// <summary>Functions that every runspace has.</summary>
    private static readonly Lazy<Dictionary<string, string>> FunctionsOfAll = new(static () => InitialSessionState.CreateDefault().Commands
        .OfType<SessionStateFunctionEntry>().DistinctBy(static function => function.Name, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(static function => function.Name, static function => function.Definition, StringComparer.OrdinalIgnoreCase));

    /// <summary>Aliases that every runspace has.</summary>
    private static readonly Lazy<Dictionary<string, string>> AliasesOfAll = new(static () => InitialSessionState.CreateDefault().Commands
        .OfType<SessionStateAliasEntry>().DistinctBy(static alias => alias.Name, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(static alias => alias.Name, static alias => alias.Definition, StringComparer.OrdinalIgnoreCase));

    private const CommandTypes Wanted = CommandTypes.Alias | CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet;

    private static readonly ScriptBlockAst FindCommand = Parser.ParseInput("$ExecutionContext.InvokeCommand.GetCommand($args[0], $args[1])", out _, out _);

    /// <summary>Commands by name, which may be looked for in modules' folders.</summary>
    private readonly Dictionary<(SessionState Home, string Name), CommandInfo?> _commands = [];

    /// <summary>Whether it is a function that every runspace has.</summary>
    public static bool IsOfAll(CommandInfo? command) => command is FunctionInfo function
        && FunctionsOfAll.Value.TryGetValue(function.Name, out string? definition) && function.Definition.AsSpan().Trim().SequenceEqual(definition.AsSpan().Trim());

    /// <summary>Whether every runspace has the alias, for the same.</summary>
    public static bool IsOfAll(AliasInfo alias) => AliasesOfAll.Value.TryGetValue(alias.Name, out string? definition) && definition == alias.Definition;

    /// <summary>Whether every runspace has a command of that name.</summary>
    public static bool HaveAll(string name) => EngineCommands.Harmless.Contains(name) || FunctionsOfAll.Value.ContainsKey(name);

    /// <summary>Whether what the caller has of that name is another command.</summary>
    public static bool IsAnother(CommandInfo? ofCaller, BroughtFunction function) =>
        ofCaller is not null && !(ofCaller is FunctionInfo other && function.Equals(new BroughtFunction(function.Name, other.ScriptBlock)));

    /// <summary>Whether it is of a module that workers find by its name: they import it at the first call.</summary>
    public static bool IsExported(FunctionInfo function, SessionState state) =>
        function.Module is { } module && state.Module?.Name != module.Name && module.ExportedCommands.ContainsKey(function.Name) && IsInstalled(module);

    /// <summary>The alias, function or cmdlet that a session has of a name.</summary>
    public CommandInfo? Find(string name, SessionState state)
    {
        (SessionState, string) key = (state, name.ToUpperInvariant());
        if (!_commands.TryGetValue(key, out CommandInfo? found))
        {
            _commands.Add(key, found = FindIn(state, name));
        }

        return found;
    }

    /// <summary>Whether a call looks for commands that not every runspace finds.</summary>
    public bool AreLookedFor(CommandAst call, string name, SessionState state) =>
        name.ToUpperInvariant() is "GET-COMMAND" or "GCM"
        && !call.CommandElements.Skip(1).All(element => element is CommandParameterAst || (element is StringConstantExpressionAst wanted && IsNone(wanted.Value, state)));

    // The value of a parameter, or what is no function or alias.
    private bool IsNone(string wanted, SessionState state) => Enum.TryParse<ActionPreference>(wanted, ignoreCase: true, out _)
        || Enum.TryParse<CommandTypes>(wanted, ignoreCase: true, out _) || Find(wanted, state) is null or CmdletInfo;

    // The engine looks in the session that is current, whichever it is asked by.
    private CommandInfo? FindIn(SessionState state, string name)
    {
        if (state == caller)
        {
            return caller.InvokeCommand.GetCommand(name, Wanted);
        }

        ScriptBlock find = FindCommand.GetScriptBlock();
        EngineInternals.Bind(find, state);
        return (find.InvokeReturnAsIs(name, Wanted) as PSObject)?.BaseObject as CommandInfo;
    }

    private static bool IsInstalled(PSModuleInfo module) =>
        (Environment.GetEnvironmentVariable("PSModulePath") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => module.ModuleBase.StartsWith(folder, StringComparison.OrdinalIgnoreCase));
}
