using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Affinity;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>Finds what of the caller's session was asked for: variables, functions, modules, and where it is.</summary>
internal sealed class CallerState(SessionState state, BoundValues bound)
{
    private const string WhatIf = "WhatIfPreference";

    /// <summary>
    /// Variables by name, with wildcards, as objects, or pairs of a table, and those that come unasked: what the block has captured,
    /// if it is a closure, and that the caller only tries what it does.
    /// </summary>
    /// <exception cref="OperationException">There is no such variable, each runspace has its own, or its value is a script block.</exception>
    public Dictionary<string, object?> Variables(IEnumerable<object> wanted, ScriptBlock block)
    {
        Dictionary<string, object?> variables = new(StringComparer.OrdinalIgnoreCase);
        foreach (PSVariable captured in ClosureBlock.Captured(block))
        {
            variables[captured.Name] = captured.Value;
        }

        if (LanguagePrimitives.IsTrue(state.PSVariable.GetValue(WhatIf)))
        {
            variables[WhatIf] = true;
        }

        foreach (object item in wanted)
        {
            switch (Plain(item))
            {
                case IDictionary table:
                    foreach (DictionaryEntry pair in table)
                    {
                        variables[AutomaticVariables.Refuse(Text(pair.Key))] = pair.Value;
                    }

                    break;
                case PSVariable variable when !AutomaticVariables.Contains(variable):
                    variables[variable.Name] = variable.Value;
                    break;
                case PSVariable:
                    break;
                default:
                    AddByName(variables, Text(item));
                    break;
            }
        }

        bound.Surroundings.Given = variables;
        foreach ((string name, object? value) in variables)
        {
            bound.Take(value, "The value of $" + name);
        }

        return variables;
    }

    /// <summary>Functions and filters by name, with wildcards.</summary>
    /// <exception cref="OperationException">There is no such function.</exception>
    public List<BroughtFunction> Functions(IEnumerable<string> wanted)
    {
        List<BroughtFunction> functions = [];
        foreach (string name in wanted)
        {
            foreach (PSObject found in Run("Microsoft.PowerShell.Core\\Get-Command -Name $args[0] -CommandType Function, Filter -ErrorAction Ignore", name, "function", "-Functions"))
            {
                var function = (FunctionInfo)found.BaseObject;
                bound.Surroundings.Add(function.ScriptBlock);
                functions.Add(new BroughtFunction(function.Name, function.ScriptBlock));
            }
        }

        return functions;
    }

    /// <summary>Modules by name, path, object or specification, as what a runspace can import: the very file where the caller has it loaded.</summary>
    /// <exception cref="OperationException">It is none of these.</exception>
    public List<ModuleSpecification> Modules(IEnumerable<object> wanted) => [.. wanted.Select(Module)];

    /// <summary>Where the caller is; in the file system without a drive that only the caller may have.</summary>
    public string Location => NameOf(state.Path.CurrentLocation);

    /// <summary>A location as another runspace understands it.</summary>
    public static string NameOf(PathInfo location) => location.Provider.Name == "FileSystem" ? location.ProviderPath : location.Path;

    private static object Plain(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static ModuleSpecification FileOf(PSModuleInfo module)
    {
        string manifest = System.IO.Path.Combine(module.ModuleBase, module.Name + ".psd1");
        return new ModuleSpecification(File.Exists(manifest) ? manifest : module.Path);
    }

    private static ModuleSpecification Specify(IDictionary table)
    {
        try
        {
            return new ModuleSpecification(table as Hashtable ?? new Hashtable(table));
        }
        catch (Exception e) when (e is ArgumentException or MissingMemberException)
        {
            throw new OperationException(
                OperationErrorCode.InvalidOption,
                "A table of -Modules says which module by ModuleName and one of ModuleVersion, MaximumVersion, RequiredVersion, and perhaps Guid: " + e.Message, e)
            {
                Option = "Modules",
            };
        }
    }

    private void AddByName(Dictionary<string, object?> variables, string name)
    {
        bool isPattern = WildcardPattern.ContainsWildcardCharacters(name) && name != "?";
        if (!isPattern)
        {
            AutomaticVariables.Refuse(name);
        }

        foreach (PSObject found in Run("Microsoft.PowerShell.Utility\\Get-Variable -Name $args[0] -ErrorAction Ignore", name, "variable", "-Variables"))
        {
            var variable = (PSVariable)found.BaseObject;
            if (!isPattern || !AutomaticVariables.Contains(variable))
            {
                variables[variable.Name] = variable.Value;
            }
        }
    }

    private ModuleSpecification Module(object wanted)
    {
        switch (Plain(wanted))
        {
            case PSModuleInfo module:
                return FileOf(module);
            case ModuleSpecification specification:
                return Loaded(specification) ?? specification;
            case IDictionary table:
                ModuleSpecification specified = Specify(table);
                return Loaded(specified) ?? specified;
        }

        string name = Text(wanted);
        if (name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal))
        {
            return new ModuleSpecification(state.Path.GetUnresolvedProviderPathFromPSPath(name));
        }

        return Loaded(name, "Name") ?? new ModuleSpecification(name);
    }

    private ModuleSpecification? Loaded(ModuleSpecification specification) => Loaded(specification, "FullyQualifiedName");

    private ModuleSpecification? Loaded(object module, string parameter)
    {
        Collection<PSObject> loaded = state.InvokeCommand.InvokeScript(
            true, ScriptBlock.Create($"Microsoft.PowerShell.Core\\Get-Module -{parameter} $args[0]"), null, module);
        return loaded.Count > 0 ? FileOf((PSModuleInfo)loaded[0].BaseObject) : null;
    }

    private static void RequirePattern(string name, string parameter)
    {
        try
        {
            _ = WildcardPattern.Get(name, WildcardOptions.None).IsMatch("");
        }
        catch (WildcardPatternException e)
        {
            throw new OperationException(
                OperationErrorCode.InvalidOption, $"-{parameter} has '{name}', which is no pattern: close its bracket, or write a backtick before it where it is part of the name.", e)
            {
                Option = parameter,
            };
        }
    }

    private Collection<PSObject> Run(string script, string name, string kind, string parameter)
    {
        RequirePattern(name, parameter.TrimStart('-'));
        Collection<PSObject> found = state.InvokeCommand.InvokeScript(true, ScriptBlock.Create(script), null, name);
        return found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(name)
            ? found
            : throw new OperationException(
                OperationErrorCode.NameNotFound, $"There is no {kind} '{name}' in the session: correct the name in {parameter}, or leave it out.");
    }
}
