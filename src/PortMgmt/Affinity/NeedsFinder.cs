using System.Management.Automation;
using System.Management.Automation.Language;
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
    private const string HandOn = "hand the value on as what the block puts out";
    private const string RenameOne = "give the two different names";

    private static readonly HashSet<string> NoNames = [];

    private readonly SessionCommands _commands = new(caller);

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

    /// <summary>Scripts may run in the session itself.</summary>
    public bool HasHome => isAttended && HomeScript.IsThere;

    /// <summary>It runs in the session itself, or is refused where nobody is at home.</summary>
    public SessionUse AtHome(string owner, string what, string wayOut) => HasHome ? SessionUse.AtHome : throw Refusal(owner, what, wayOut);

    /// <summary>The same for one that changes something and makes a script block.</summary>
    public SessionUse AtHomeForBlocks(string owner) =>
        AtHome(owner, "changes something and makes a script block that it may keep, which would belong to the runspace of the operation", HandOn);

    private SessionUse Read(Ast script, SessionState state, IEnumerable<string> captured, string owner)
    {
        SessionUse most = state != caller && ModuleRules.AreOwn(state)
            ? AtHome(owner, "belongs to a module with preferences, default parameters or strict mode of its own", HandOn)
            : UseWithoutNames(script, owner);
        if (most == SessionUse.AtHome)
        {
            return most;
        }

        HashSet<string> own = ScriptVariables.OwnIn(script);
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

            if (!CanGo(found, $"The variable ${name} that {owner} uses"))
            {
                return SessionUse.AtHome;
            }

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

        if (HasHome && found.Attributes.Any(static attribute => attribute is ValidateArgumentsAttribute or ArgumentTransformationAttribute && attribute.GetType().Name != "ArgumentTypeConverterAttribute"))
        {
            return SessionUse.AtHome;
        }

        return CanGo(found, $"The variable ${found.Name} that {owner} sets") && !around.GiveAnother(found) && needs.TryShare(found)
            ? SessionUse.Sets
            : AtHome(owner, $"sets ${path}, and something else uses another variable of that name", RenameOne);
    }

    // What cannot be used elsewhere, such as a table of script blocks, need not be where the script runs at home.
    private bool CanGo(PSVariable found, string name)
    {
        try
        {
            check(found.Value, name);
            return true;
        }
        catch (OperationException) when (HasHome)
        {
            return false;
        }
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

        if (_commands.AreLookedFor(call, name, state))
        {
            return AtHome(owner, "looks for commands of the session", HandOn);
        }

        CommandInfo? command = _commands.Find(name, state);
        if (command is null or CmdletInfo || SessionCommands.IsOfAll(command))
        {
            return SessionUse.None;
        }

        if (SessionCommands.HaveAll(name))
        {
            return AtHome(owner, $"calls {name}, which is a command of the session there", RenameOne);
        }

        if (command is AliasInfo alias)
        {
            if (HasHome && !SessionCommands.IsOfAll(alias))
            {
                return SessionUse.AtHome;
            }

            command = alias.ResolvedCommand;
        }

        if (command is not FunctionInfo function || SessionCommands.IsExported(function, state))
        {
            return SessionUse.None;
        }

        var brought = new BroughtFunction(name, function.ScriptBlock);
        if (state != caller && SessionCommands.IsAnother(_commands.Find(name, caller), brought))
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

    private OperationException Refusal(string owner, string what, string wayOut) => new(
        OperationErrorCode.InvalidScriptBlockValue,
        $"{char.ToUpperInvariant(owner[0])}{owner[1..]} {what}: {wayOut}, {(isAttended ? "" : "leave out -AsJob, so that its session waits for it, ")}or make the object in the block.");
}
