using System.Management.Automation;
using System.Management.Automation.Language;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Finds the variables of the session that scripts of values read and set: those that are read go along, those that are set are shared.
/// Used on the thread of the cmdlet.
/// </summary>
/// <param name="caller">The session of whoever called the cmdlet.</param>
/// <param name="needs">Where it is noted.</param>
/// <param name="around">What operations have around the scripts.</param>
/// <param name="check">Looks at the values of variables, which go to other runspaces too.</param>
/// <param name="home">What becomes of scripts that only their session can run.</param>
internal sealed class VariableNeeds(SessionState caller, SessionNeeds needs, OperationSurroundings around, Action<object?, string> check, HomeRule home)
{
    /// <summary>Variables of script scopes: the engine makes an object for each look.</summary>
    private readonly Dictionary<(SessionState Home, string Path), PSVariable?> _variables = [];

    /// <summary>Notes a variable that a script uses, where it is one of the session.</summary>
    /// <param name="variable">The variable, where it stands in the script.</param>
    /// <param name="own">Names of the script's own.</param>
    /// <param name="state">The session that the script belongs to.</param>
    /// <param name="owner">What the script belongs to, for errors.</param>
    /// <returns>How the script uses the session by it.</returns>
    /// <exception cref="OperationException">It cannot be handed on, and nobody is at home.</exception>
    public SessionUse Add(VariableExpressionAst variable, HashSet<string> own, SessionState state, string owner)
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
                return home.AtHome(owner, $"reads ${path.UserPath} of the session that it belongs to, and the script block sets another variable of that name", HomeRule.RenameOne);
            }

            if (!CanGo(found, $"The variable ${name} that {owner} uses"))
            {
                return SessionUse.AtHome;
            }

            if (around.GiveAnother(found) || !needs.TryAdd(found))
            {
                return home.AtHome(owner, $"reads ${path.UserPath}, and something else another variable of that name", HomeRule.RenameOne);
            }
        }

        return SessionUse.Reads;
    }

    /// <summary>Notes a variable of the session that a script sets. One that is not there yet is made, since what operations make would be theirs.</summary>
    public SessionUse Share(string path, SessionState state, string owner)
    {
        if (!SharedVariable.IsThere)
        {
            return home.AtHome(owner, $"sets ${path}, which is a variable of the session that it comes from, while operations run in others", HomeRule.HandOn);
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
            return home.AtHome(owner, $"sets ${path}, which each session has for itself", "set it in the block");
        }

        if (home.HasHome && found.Attributes.Any(static attribute => attribute is ValidateArgumentsAttribute or ArgumentTransformationAttribute && attribute.GetType().Name != "ArgumentTypeConverterAttribute"))
        {
            return SessionUse.AtHome;
        }

        return CanGo(found, $"The variable ${found.Name} that {owner} sets") && !around.GiveAnother(found) && needs.TryShare(found)
            ? SessionUse.Sets
            : home.AtHome(owner, $"sets ${path}, and something else uses another variable of that name", HomeRule.RenameOne);
    }

    // What cannot be used elsewhere, such as a table of script blocks, need not be where the script runs at home.
    private bool CanGo(PSVariable found, string name)
    {
        try
        {
            check(found.Value, name);
            return true;
        }
        catch (OperationException) when (home.HasHome)
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
}
