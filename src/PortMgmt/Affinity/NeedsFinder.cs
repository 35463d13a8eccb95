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

    private readonly HashSet<Ast> _known = [];

    /// <summary>Notes what a script uses.</summary>
    /// <param name="script">The script's syntax tree.</param>
    /// <param name="home">The session that it is bound to.</param>
    /// <param name="captured">Names of variables that it has taken along.</param>
    /// <param name="owner">What it belongs to, for errors: <c>method 'Get' of the input</c>.</param>
    /// <exception cref="OperationException">It uses what cannot be handed on.</exception>
    public void Find(Ast script, SessionState? home, IEnumerable<string> captured, string owner)
    {
        if (!_known.Add(script))
        {
            return;
        }

        SessionState state = home?.Module is null ? caller : home;
        HashSet<string> own = ScriptVariables.SetIn(script);
        own.UnionWith(captured);
        foreach (Ast node in script.FindAll(static node => node is CommandAst or VariableExpressionAst or AssignmentStatementAst or UnaryExpressionAst, searchNestedScriptBlocks: true))
        {
            switch (node)
            {
                case CommandAst command when command.GetCommandName() is { } name:
                    AddCommand(name, state, owner);
                    break;
                case VariableExpressionAst variable:
                    AddVariable(variable, own, state, owner);
                    break;
            }
        }
    }

    private void AddVariable(VariableExpressionAst variable, HashSet<string> own, SessionState state, string owner)
    {
        VariablePath path = variable.VariablePath;
        string name = ScriptVariables.NameOf(path);
        bool isOfSession = path.IsGlobal || path.IsScript;
        if (isOfSession && ScriptVariables.IsSetAt(variable))
        {
            throw Refusal(owner, $"sets ${path.UserPath}, which is a variable of the session that it comes from, while operations run in others", "hand the value on as what the block puts out");
        }

        if ((path.IsDriveQualified && !isOfSession) || ScriptVariables.IsOfEach(name) || (!isOfSession && own.Contains(name)))
        {
            return;
        }

        if (state.PSVariable.Get(isOfSession ? path.UserPath : name) is { } found && !AutomaticVariables.Contains(found))
        {
            check(found.Value, $"The variable ${name} that {owner} uses");
            needs.Add(name, found.Value);
        }
    }

    private void AddCommand(string name, SessionState state, string owner)
    {
        if (EngineCommands.Harmless.Contains(name) || Everywhere.Contains(name))
        {
            return;
        }

        CommandInfo? command = state.InvokeCommand.GetCommand(name, CommandTypes.Alias | CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet);
        if (command is AliasInfo alias)
        {
            command = alias.ResolvedCommand;
        }

        if (command is not FunctionInfo function || IsExported(function, state))
        {
            return;
        }

        if (!needs.TryAdd(new BroughtFunction(name, function.ScriptBlock)))
        {
            throw Refusal(owner, $"calls {name}, and something else calls another function of that name", "give the two different names");
        }

        Find(function.ScriptBlock.Ast, function.Module?.SessionState, [], $"function {name}, which {owner} calls,");
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
