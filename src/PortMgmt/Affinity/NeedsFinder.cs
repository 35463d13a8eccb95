using System.Management.Automation;
using System.Management.Automation.Language;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Reads in the scripts of values what they use of the session that they come from, and finds it there. Used on the thread of the cmdlet.
/// </summary>
internal sealed class NeedsFinder
{
    private static readonly HashSet<string> NoNames = [];

    private readonly SessionState _caller;
    private readonly SessionNeeds _needs;
    private readonly SessionCommands _commands;

    /// <summary>The scripts that were read, and how they use the session: each closure has variables of its own.</summary>
    private readonly Dictionary<(Ast Script, SessionState Home), SessionUse> _known = [];

    /// <summary>What the scripts do that only their session can.</summary>
    private readonly Dictionary<Ast, (string? Change, bool MayFind)> _homeUses = [];

    private readonly VariableNeeds _variables;

    /// <param name="caller">The session of whoever called the cmdlet.</param>
    /// <param name="needs">Where it is noted.</param>
    /// <param name="around">What operations have around the scripts.</param>
    /// <param name="check">Looks at the values of variables, which go to other runspaces too.</param>
    /// <param name="home">What becomes of scripts that only their session can run.</param>
    public NeedsFinder(SessionState caller, SessionNeeds needs, OperationSurroundings around, Action<object?, string> check, HomeRule home)
    {
        _caller = caller;
        _needs = needs;
        _commands = new SessionCommands(caller);
        _variables = new VariableNeeds(caller, needs, around, check, home);
        Home = home;
    }

    /// <summary>What becomes of scripts that only their session can run.</summary>
    public HomeRule Home { get; }

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
    public bool IsOfCaller(SessionState? home) => home is not null && EngineInternals.AreOfOneRunspace(home, _caller);

    private SessionUse Read(Ast script, SessionState state, IEnumerable<string> captured, string owner)
    {
        SessionUse most = state != _caller && ModuleRules.AreOwn(state)
            ? Home.AtHome(owner, "belongs to a module with preferences, default parameters or strict mode of its own", HomeRule.HandOn)
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
                VariableExpressionAst variable => _variables.Add(variable, own, state, owner),
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

        return use.Change is { } change ? Home.AtHome(owner, change, HomeRule.HandOn)
            : use.MayFind ? Home.AtHome(owner, "runs a text, or looks for variables, functions or aliases of the session by names that are not known before it does", HomeRule.HandOn)
            : SessionUse.None;
    }

    private SessionUse AddCommand(CommandAst call, string name, SessionState state, string owner)
    {
        if (HomeUse.VariableSetBy(call) is { } set)
        {
            return _variables.Share(set, state, owner);
        }

        if (_commands.AreLookedFor(call, name, state))
        {
            return Home.AtHome(owner, "looks for commands of the session", HomeRule.HandOn);
        }

        CommandInfo? command = _commands.Find(name, state);
        if (command is null or CmdletInfo || SessionCommands.IsOfAll(command))
        {
            return SessionUse.None;
        }

        if (SessionCommands.HaveAll(name))
        {
            return Home.AtHome(owner, $"calls {name}, which is a command of the session there", HomeRule.RenameOne);
        }

        if (command is AliasInfo alias)
        {
            if (Home.HasHome && !SessionCommands.IsOfAll(alias))
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
        if (state != _caller && SessionCommands.IsAnother(_commands.Find(name, _caller), brought))
        {
            return Home.AtHome(owner, $"calls {name}, which is another command in the session that it belongs to", HomeRule.RenameOne);
        }

        if (!_needs.TryAdd(brought))
        {
            return Home.AtHome(owner, $"calls {name}, and something else calls another function of that name", HomeRule.RenameOne);
        }

        SessionUse use = Find(function.ScriptBlock.Ast, EngineInternals.SessionOf(function.ScriptBlock), [], $"function {name}, which {owner} calls,");
        SessionUse least = LastingChanges.Of(function.ScriptBlock.Ast, NoNames) == ChangeReach.Session ? SessionUse.Sets : SessionUse.Reads;
        return use > least ? use : least;
    }

    // A session of another runspace may be busy: it is not looked into.
    private SessionState StateOf(SessionState? home) => IsOfCaller(home) && !EngineInternals.AreOne(home!, _caller) ? home! : _caller;
}
