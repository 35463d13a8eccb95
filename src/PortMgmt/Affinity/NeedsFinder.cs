using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Reads in the scripts of values what they use of the session that they come from, and finds it there. Used on the thread of the cmdlet.
/// </summary>
/// <param name="caller">The session of whoever called the cmdlet.</param>
/// <param name="needs">Where it is noted.</param>
/// <param name="around">What operations have around the scripts.</param>
/// <param name="check">Looks at the values of variables, which go to other runspaces too.</param>
/// <param name="isAttended">The thread of the session waits for the batch: what cannot be handed on may run there.</param>
internal sealed class NeedsFinder(SessionState caller, SessionNeeds needs, OperationSurroundings around, Action<object?, string> check, bool isAttended)
{
    /// <summary>Functions that every runspace has.</summary>
    private static readonly HashSet<string> Everywhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "cd..", "cd\\", "cd~", "Clear-Host", "exec", "Get-Verb", "help", "mkdir", "more", "oss", "Pause", "prompt", "TabExpansion2",
    };

    /// <summary>Aliases that every runspace has.</summary>
    private static readonly Lazy<Dictionary<string, string>> AliasesOfAll = new(static () => InitialSessionState.CreateDefault().Commands
        .OfType<SessionStateAliasEntry>().DistinctBy(static alias => alias.Name, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(static alias => alias.Name, static alias => alias.Definition, StringComparer.OrdinalIgnoreCase));

    private const string HandOn = "hand the value on as what the block puts out";
    private const string RenameOne = "give the two different names";

    private const CommandTypes Wanted = CommandTypes.Alias | CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet;

    private static readonly HashSet<string> NoNames = [];

    private static readonly ScriptBlockAst FindCommand = Parser.ParseInput("$ExecutionContext.InvokeCommand.GetCommand($args[0], $args[1])", out _, out _);

    /// <summary>The scripts that were read, and how they use the session: each closure has variables of its own.</summary>
    private readonly Dictionary<(Ast Script, SessionState Home), SessionUse> _known = [];

    /// <summary>What the scripts do that only their session can.</summary>
    private readonly Dictionary<Ast, (string? Change, bool MayFind)> _homeUses = [];

    /// <summary>Variables of script scopes: the engine makes an object for each look.</summary>
    private readonly Dictionary<(SessionState Home, string Path), PSVariable?> _variables = [];

    /// <summary>Notes what a script uses.</summary>
    /// <param name="script">The script's syntax tree.</param>
    /// <param name="home">The session that it is bound to.</param>
    /// <param name="captured">Names of variables that it has taken along.</param>
    /// <param name="owner">What it belongs to, for errors: <c>method 'Get' of the input</c>.</param>
    /// <returns>How it uses the session, or a function does that it calls.</returns>
    /// <exception cref="OperationException">It uses what cannot be handed on, and nobody is at home.</exception>
    public SessionUse Find(Ast script, SessionState? home, IEnumerable<string> captured, string owner)
    {
        SessionState state = StateOf(home);
        if (_known.TryGetValue((script, state), out SessionUse known))
        {
            return known;
        }

        // One that calls itself is not read again.
        _known.Add((script, state), SessionUse.None);
        try
        {
            return _known[(script, state)] = Read(script, state, captured, owner);
        }
        catch (OperationException)
        {
            _known.Remove((script, state));
            throw;
        }
    }

    /// <summary>Whether a script's session, such as that of a module, is in the runspace of the caller.</summary>
    public bool IsOfCaller(SessionState? home) => home is not null && EngineInternals.AreOfOneRunspace(home, caller);

    /// <summary>It runs in the session itself, or is refused where nobody is at home.</summary>
    public SessionUse AtHome(string owner, string what, string wayOut) => isAttended && HomeScript.IsThere ? SessionUse.AtHome : throw Refusal(owner, what, wayOut);

    private SessionUse Read(Ast script, SessionState state, IEnumerable<string> captured, string owner)
    {
        SessionUse most = UseWithoutNames(script, owner);
        if (most == SessionUse.AtHome)
        {
            return most;
        }

        HashSet<string> own = ScriptVariables.SetIn(script);
        own.UnionWith(captured);
        foreach (Ast node in script.FindAll(static node => node is CommandAst or VariableExpressionAst, searchNestedScriptBlocks: true))
        {
            SessionUse one = node switch
            {
                CommandAst command when command.GetCommandName() is { } name => AddCommand(command, name, state, owner),
                VariableExpressionAst variable => AddVariable(variable, own, state, owner),
                _ => SessionUse.None,
            };
            most = one > most ? one : most;
        }

        return most;
    }

    private SessionUse UseWithoutNames(Ast script, string owner)
    {
        if (!_homeUses.TryGetValue(script, out (string? Change, bool MayFind) use))
        {
            Ast[] nodes = [.. script.FindAll(static _ => true, searchNestedScriptBlocks: true)];
            use = (nodes.Select(HomeUse.FindChange).FirstOrDefault(static change => change is not null), Array.Exists(nodes, HomeUse.MayFind));
            _homeUses.Add(script, use);
        }

        return use.Change is { } change ? AtHome(owner, change, HandOn)
            : use.MayFind ? AtHome(owner, "runs a text, or looks for variables, functions or aliases of the session by names that are not known before it does", HandOn)
            : SessionUse.None;
    }

    private SessionUse AddVariable(VariableExpressionAst variable, HashSet<string> own, SessionState state, string owner)
    {
        VariablePath path = variable.VariablePath;
        string name = ScriptVariables.NameOf(path);
        bool isOfSession = path.IsGlobal || path.IsScript;
        if (isOfSession && (ScriptVariables.IsSetAt(variable) || ScriptVariables.IsReferredTo(variable)))
        {
            return Share(path.UserPath, state, owner);
        }

        if ((path.IsDriveQualified && !isOfSession) || ScriptVariables.IsOfEach(name) || (!isOfSession && own.Contains(name)))
        {
            return SessionUse.None;
        }

        if (Look(isOfSession ? path.UserPath : name, state) is { } found && !AutomaticVariables.Contains(found))
        {
            if (state != caller && around.Sets(name))
            {
                return AtHome(owner, $"reads ${path.UserPath} of the session that it belongs to, and the script block sets another variable of that name", RenameOne);
            }

            check(found.Value, $"The variable ${name} that {owner} uses");
            if (around.GiveAnother(found) || !needs.TryAdd(found))
            {
                return AtHome(owner, $"reads ${path.UserPath}, and something else another variable of that name", RenameOne);
            }
        }

        return SessionUse.Reads;
    }

    // One that is not there yet is made, since what operations make would be theirs.
    private SessionUse Share(string path, SessionState state, string owner)
    {
        if (!SharedVariable.IsThere)
        {
            return AtHome(owner, $"sets ${path}, which is a variable of the session that it comes from, while operations run in others", HandOn);
        }

        PSVariable? found = Look(path, state);
        if (found is null)
        {
            state.PSVariable.Set(path, null);
            _variables.Remove((state, path.ToUpperInvariant()));
            found = Look(path, state)!;
        }

        if (ScriptVariables.IsOfEach(found.Name) || AutomaticVariables.Contains(found))
        {
            return AtHome(owner, $"sets ${path}, which each session has for itself", "set it in the block");
        }

        check(found.Value, $"The variable ${found.Name} that {owner} sets");
        return !around.GiveAnother(found) && needs.TryShare(found)
            ? SessionUse.Sets
            : AtHome(owner, $"sets ${path}, and something else uses another variable of that name", RenameOne);
    }

    private PSVariable? Look(string path, SessionState state)
    {
        (SessionState, string) key = (state, path.ToUpperInvariant());
        if (!_variables.TryGetValue(key, out PSVariable? found))
        {
            _variables.Add(key, found = state.PSVariable.Get(path));
        }

        return found;
    }

    private SessionUse AddCommand(CommandAst call, string name, SessionState state, string owner)
    {
        if (HomeUse.VariableSetBy(call) is { } set)
        {
            return Share(set, state, owner);
        }

        if (EngineCommands.Harmless.Contains(name) || Everywhere.Contains(name))
        {
            return SessionUse.None;
        }

        CommandInfo? command = Command(name, state);
        if (command is AliasInfo alias)
        {
            if (isAttended && HomeScript.IsThere && (!AliasesOfAll.Value.TryGetValue(alias.Name, out string? definition) || definition != alias.Definition))
            {
                return SessionUse.AtHome;
            }

            command = alias.ResolvedCommand;
        }

        if (command is not FunctionInfo function || IsExported(function, state))
        {
            return SessionUse.None;
        }

        var brought = new BroughtFunction(name, function.ScriptBlock);
        if (state != caller && IsAnother(Command(name, caller), brought))
        {
            return AtHome(owner, $"calls {name}, which is another command in the session that it belongs to", RenameOne);
        }

        if (!needs.TryAdd(brought))
        {
            return AtHome(owner, $"calls {name}, and something else calls another function of that name", RenameOne);
        }

        SessionUse use = Find(function.ScriptBlock.Ast, EngineInternals.SessionOf(function.ScriptBlock), [], $"function {name}, which {owner} calls,");
        SessionUse least = LastingChanges.Of(function.ScriptBlock.Ast, NoNames) == ChangeReach.Session ? SessionUse.Sets : SessionUse.Reads;
        return use > least ? use : least;
    }

    // A session of another runspace may be busy: it is not looked into.
    private SessionState StateOf(SessionState? home) => IsOfCaller(home) && !EngineInternals.AreOne(home!, caller) ? home! : caller;

    // The engine looks in the session that is current, whichever it is asked by.
    private CommandInfo? Command(string name, SessionState state)
    {
        if (state == caller)
        {
            return caller.InvokeCommand.GetCommand(name, Wanted);
        }

        ScriptBlock find = FindCommand.GetScriptBlock();
        EngineInternals.Bind(find, state);
        return (find.InvokeReturnAsIs(name, Wanted) as PSObject)?.BaseObject as CommandInfo;
    }

    private static bool IsAnother(CommandInfo? ofCaller, BroughtFunction function) =>
        ofCaller is not null && !(ofCaller is FunctionInfo other && function.Equals(new BroughtFunction(function.Name, other.ScriptBlock)));

    // Of a module that workers find by its name: they import it at the first call.
    private static bool IsExported(FunctionInfo function, SessionState state) =>
        function.Module is { } module && state.Module?.Name != module.Name && module.ExportedCommands.ContainsKey(function.Name) && IsInstalled(module);

    private static bool IsInstalled(PSModuleInfo module) =>
        (Environment.GetEnvironmentVariable("PSModulePath") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => module.ModuleBase.StartsWith(folder, StringComparison.OrdinalIgnoreCase));

    private OperationException Refusal(string owner, string what, string wayOut) => new(
        OperationErrorCode.InvalidScriptBlockValue,
        $"{char.ToUpperInvariant(owner[0])}{owner[1..]} {what}: {wayOut}, {(isAttended ? "" : "leave out -AsJob, so that its session waits for it, ")}or make the object in the block.");
}
