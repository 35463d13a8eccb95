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
/// <param name="check">Looks at the values of variables, which go to other runspaces too.</param>
internal sealed class NeedsFinder(SessionState caller, SessionNeeds needs, Action<object?, string> check)
{
    /// <summary>Functions that every runspace has.</summary>
    private static readonly HashSet<string> Everywhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "cd..", "cd\\", "cd~", "Clear-Host", "exec", "Get-Verb", "help", "mkdir", "more", "oss", "Pause", "prompt", "TabExpansion2",
    };

    private static readonly HashSet<string> NoNames = [];

    /// <summary>The scripts that were read, and whether they set variables of the session: each closure has variables of its own.</summary>
    private readonly Dictionary<(Ast Script, SessionState Home), bool> _known = [];

    /// <summary>Variables of script scopes: the engine makes an object for each look.</summary>
    private readonly Dictionary<(SessionState Home, string Path), PSVariable?> _variables = [];

    /// <summary>Notes what a script uses.</summary>
    /// <param name="script">The script's syntax tree.</param>
    /// <param name="home">The session that it is bound to.</param>
    /// <param name="captured">Names of variables that it has taken along.</param>
    /// <param name="owner">What it belongs to, for errors: <c>method 'Get' of the input</c>.</param>
    /// <returns>Whether it sets variables of the session, or calls a function that does.</returns>
    /// <exception cref="OperationException">It uses what cannot be handed on.</exception>
    public bool Find(Ast script, SessionState? home, IEnumerable<string> captured, string owner)
    {
        SessionState state = home?.Module is null ? caller : home;
        if (!_known.TryAdd((script, state), false))
        {
            return _known[(script, state)];
        }

        HashSet<string> own = ScriptVariables.SetIn(script);
        own.UnionWith(captured);
        bool isSetting = false;
        foreach (Ast node in script.FindAll(static node => node is CommandAst or VariableExpressionAst, searchNestedScriptBlocks: true))
        {
            isSetting |= node switch
            {
                CommandAst command when command.GetCommandName() is { } name => AddCommand(command, name, state, owner),
                VariableExpressionAst variable => AddVariable(variable, own, state, owner),
                _ => false,
            };
        }

        return _known[(script, state)] = isSetting;
    }

    private bool AddVariable(VariableExpressionAst variable, HashSet<string> own, SessionState state, string owner)
    {
        VariablePath path = variable.VariablePath;
        string name = ScriptVariables.NameOf(path);
        bool isOfSession = path.IsGlobal || path.IsScript;
        if (isOfSession && ScriptVariables.IsSetAt(variable))
        {
            Share(path.UserPath, state, owner);
            return true;
        }

        if ((path.IsDriveQualified && !isOfSession) || ScriptVariables.IsOfEach(name) || (!isOfSession && own.Contains(name)))
        {
            return false;
        }

        if (Look(isOfSession ? path.UserPath : name, state) is { } found && !AutomaticVariables.Contains(found))
        {
            check(found.Value, $"The variable ${name} that {owner} uses");
            if (!needs.TryAdd(found))
            {
                throw Refusal(owner, $"reads ${path.UserPath}, and something else another variable of that name", "give the two different names");
            }
        }

        return false;
    }

    // One that is not there yet is made, since what operations make would be theirs.
    private void Share(string path, SessionState state, string owner)
    {
        if (!SharedVariable.IsThere)
        {
            throw Refusal(owner, $"sets ${path}, which is a variable of the session that it comes from, while operations run in others", "hand the value on as what the block puts out");
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
            throw Refusal(owner, $"sets ${path}, which each session has for itself", "set it in the block");
        }

        check(found.Value, $"The variable ${found.Name} that {owner} sets");
        if (!needs.TryShare(found))
        {
            throw Refusal(owner, $"sets ${path}, and something else uses another variable of that name", "give the two different names");
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

    private bool AddCommand(CommandAst call, string name, SessionState state, string owner)
    {
        if (LastingChanges.VariableSetBy(call) is { } set)
        {
            if (set.Length == 0)
            {
                throw Refusal(owner, $"sets a variable of the session by {name}, of which the name cannot be told", "hand the value on as what the block puts out");
            }

            Share(set, state, owner);
            return true;
        }

        if (EngineCommands.Harmless.Contains(name) || Everywhere.Contains(name))
        {
            return false;
        }

        CommandInfo? command = state.InvokeCommand.GetCommand(name, CommandTypes.Alias | CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet);
        if (command is AliasInfo alias)
        {
            command = alias.ResolvedCommand;
        }

        if (command is not FunctionInfo function || IsExported(function, state))
        {
            return false;
        }

        if (!needs.TryAdd(new BroughtFunction(name, function.ScriptBlock)))
        {
            throw Refusal(owner, $"calls {name}, and something else calls another function of that name", "give the two different names");
        }

        bool isSetting = Find(function.ScriptBlock.Ast, function.Module?.SessionState, [], $"function {name}, which {owner} calls,");
        return isSetting || LastingChanges.Of(function.ScriptBlock.Ast, NoNames) == ChangeReach.Session;
    }

    // Of a module that workers find by its name: they import it at the first call.
    private static bool IsExported(FunctionInfo function, SessionState state) =>
        function.Module is { } module && state.Module?.Name != module.Name && module.ExportedCommands.ContainsKey(function.Name) && IsInstalled(module);

    private static bool IsInstalled(PSModuleInfo module) =>
        (Environment.GetEnvironmentVariable("PSModulePath") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => module.ModuleBase.StartsWith(folder, StringComparison.OrdinalIgnoreCase));

    private static OperationException Refusal(string owner, string what, string wayOut) => new(
        OperationErrorCode.InvalidScriptBlockValue, $"{char.ToUpperInvariant(owner[0])}{owner[1..]} {what}: {wayOut}, or make the object in the block.");
}
