using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Reflection;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// A class that was written in PowerShell: where its instances keep the session that they were made in, and what its methods say.
/// Does not change.
/// </summary>
internal sealed class ScriptClass
{
    private const string SessionField = "__sessionState";
    private const string HelperSuffix = "_<staticHelpers>";
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public ScriptClass(Type type)
    {
        Type = type;
        List<FieldInfo> sessions = [];
        List<FieldInfo> values = [];
        for (Type? level = type; level is not null && Is(level); level = level.BaseType)
        {
            foreach (FieldInfo field in level.GetFields(Own))
            {
                (field.Name == SessionField ? sessions : values).Add(field);
            }
        }

        SessionFields = sessions;
        ValueFields = [.. values.Where(static field => !field.IsStatic && !field.FieldType.IsPrimitive && field.FieldType != typeof(string))];
        HashSet<Assembly> scripts = [];
        List<(ScriptBlockMemberMethodWrapper Wrapper, Ast Method)> all = FindMethods(type, scripts);
        _scripts = [.. scripts];
        Wrappers = [.. all.Where(static pair => pair.Method is FunctionMemberAst).Select(static pair => (pair.Wrapper, (FunctionMemberAst)pair.Method))];
        Methods = [.. Wrappers.Select(static wrapper => wrapper.Method)];
        Generated = [.. all.Where(static pair => pair.Method is not FunctionMemberAst)];
        Definitions = [.. all.Select(static pair => pair.Method.Parent).OfType<TypeDefinitionAst>().Distinct()];
    }

    /// <summary>The scripts that define it, and the classes that it names.</summary>
    private readonly Assembly[] _scripts;

    public Type Type { get; }

    /// <summary>What of an instance says to which session it belongs; one for each class that it inherits from.</summary>
    public IReadOnlyList<FieldInfo> SessionFields { get; }

    /// <summary>What of an instance may have values that belong to a session.</summary>
    public IReadOnlyList<FieldInfo> ValueFields { get; }

    /// <summary>The bodies of its methods, of those of its bases, and of the classes that these name.</summary>
    public IReadOnlyList<FunctionMemberAst> Methods { get; }

    /// <summary>What the engine calls each of these by.</summary>
    public IReadOnlyList<(ScriptBlockMemberMethodWrapper Wrapper, FunctionMemberAst Method)> Wrappers { get; }

    /// <summary>The constructors that the engine made for those without one.</summary>
    public IReadOnlyList<(ScriptBlockMemberMethodWrapper Wrapper, Ast Generated)> Generated { get; }

    /// <summary>The definitions of all these classes.</summary>
    public IReadOnlyList<TypeDefinitionAst> Definitions { get; }

    /// <summary>The session that its static methods run in; null where there is none.</summary>
    public object? StaticSession => Helpers(Type.Assembly).Select(ReadSession).FirstOrDefault(static session => session is not null);

    /// <summary>It has methods of its own besides constructors.</summary>
    public bool HasMethods => Methods.Any(static method => !method.IsConstructor);

    /// <summary>Whether the class is written in a block.</summary>
    public bool IsDefinedIn(Ast block)
    {
        Ast? node = Methods.Count == 0 ? null : Methods[0];
        while (node is not null && node != block)
        {
            node = node.Parent;
        }

        return node is not null;
    }

    public static bool Is(Type type) =>
        type.IsClass && type.Assembly.IsDynamic && type.Assembly.IsDefined(typeof(DynamicClassImplementationAssemblyAttribute), inherit: false);

    /// <summary>
    /// Lets the class's static methods run in whatever runspace calls them, where they would go to the thread of the session that
    /// defined the class last. In a session that has defined the class they run as before.
    /// </summary>
    public static void ReleaseStatics(Type type) => ReleaseStatics([type.Assembly]);

    /// <summary>The same for the classes that it names.</summary>
    public void ReleaseStatics() => ReleaseStatics(_scripts);

    /// <summary>Has a static method run in a session; null for that of whoever calls it.</summary>
    public static void SetSession(ScriptBlockMemberMethodWrapper wrapper, object? session)
    {
        if (Read(wrapper, "_defaultSessionStateToUse") is { } target)
        {
            lock (target)
            {
                target.GetType().GetMethod("SetTarget")!.Invoke(target, [session]);
            }
        }
    }

    // Its own and those of its bases; then of the classes that these name, each in its script, until there are no more.
    private static List<(ScriptBlockMemberMethodWrapper Wrapper, Ast Method)> FindMethods(Type type, HashSet<Assembly> scripts)
    {
        List<string> first = [];
        for (Type? level = type; level is not null && Is(level); level = level.BaseType)
        {
            first.Add(level.Name);
            scripts.Add(level.Assembly);
        }

        while (true)
        {
            int known = scripts.Count;
            List<(ScriptBlockMemberMethodWrapper, Ast)> found = FindMethods(first, scripts);
            if (scripts.Count == known)
            {
                return found;
            }
        }
    }

    private static List<(ScriptBlockMemberMethodWrapper Wrapper, Ast Method)> FindMethods(IEnumerable<string> first, HashSet<Assembly> scripts)
    {
        ILookup<string, (ScriptBlockMemberMethodWrapper Wrapper, Ast Method)> all =
            (from script in scripts.ToArray()
             from wrapper in Helpers(script)
             let method = Read(wrapper, "_ast") as Ast
             where method is not null
             select (wrapper, method)).ToLookup(static pair => (pair.method.Parent as TypeDefinitionAst)?.Name ?? "", StringComparer.OrdinalIgnoreCase);
        Queue<string> names = new(first);
        List<(ScriptBlockMemberMethodWrapper, Ast)> methods = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        while (names.TryDequeue(out string? name))
        {
            if (seen.Add(name))
            {
                methods.AddRange(all[name]);
                foreach (ITypeName named in all[name].Select(static pair => pair.Method.Parent).Distinct().SelectMany(NamedTypes))
                {
                    names.Enqueue(named.Name);
                    scripts.UnionWith(ClassesIn(named.GetReflectionType()).Select(static found => found.Assembly));
                }
            }
        }

        return methods;
    }

    private static IEnumerable<ITypeName> NamedTypes(Ast type) =>
        type.FindAll(static node => node is TypeExpressionAst or TypeConstraintAst, searchNestedScriptBlocks: true)
            .Select(static node => node is TypeExpressionAst expression ? expression.TypeName : ((TypeConstraintAst)node).TypeName);

    private static IEnumerable<Type> ClassesIn(Type? type) => type switch
    {
        null => [],
        { HasElementType: true } => ClassesIn(type.GetElementType()),
        { IsGenericType: true } => type.GetGenericArguments().SelectMany(ClassesIn),
        _ => Is(type) ? [type] : [],
    };

    // The classes of one script are in one assembly, and each may call any.
    private static IEnumerable<ScriptBlockMemberMethodWrapper> Helpers(Assembly script) =>
        from helper in script.GetTypes()
        where helper.Name.EndsWith(HelperSuffix, StringComparison.Ordinal)
        from field in helper.GetFields(Own)
        let wrapper = field.GetValue(null) as ScriptBlockMemberMethodWrapper
        where wrapper is not null
        select wrapper;

    private static void ReleaseStatics(Assembly[] scripts)
    {
        foreach (ScriptBlockMemberMethodWrapper wrapper in scripts.SelectMany(Helpers))
        {
            SetSession(wrapper, null);
        }
    }

    /// <summary>The session that an instance has from the class that it was made of, or the nearest of its bases; null for none.</summary>
    public static object? ReadSession(object? instance)
    {
        for (Type? level = instance?.GetType(); level is not null && Is(level); level = level.BaseType)
        {
            if (level.GetField(SessionField, Own)?.GetValue(instance) is { } session)
            {
                return session;
            }
        }

        return null;
    }

    private static object? ReadSession(ScriptBlockMemberMethodWrapper wrapper)
    {
        object? target = Read(wrapper, "_defaultSessionStateToUse");
        object?[] session = [null];
        return target?.GetType().GetMethod("TryGetTarget")!.Invoke(target, session) is true ? session[0] : null;
    }

    private static object? Read(ScriptBlockMemberMethodWrapper wrapper, string field) =>
        typeof(ScriptBlockMemberMethodWrapper).GetField(field, Own)?.GetValue(wrapper);
}
