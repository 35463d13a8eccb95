using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace PortMgmt.Core.Tests.Architecture;

/// <summary>What a type refers to: base types, attributes, fields, signatures, and every token in the bodies of its methods.</summary>
internal static class TypeReferences
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly OpCode[] OpCodes =
        [.. typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!)];

    private static readonly Dictionary<short, OpCode> OpCodeOf = OpCodes.ToDictionary(code => code.Value);

    /// <summary>The types of an assembly that are in its source, with the compiler's closures and state machines within them.</summary>
    public static IEnumerable<Type> TypesOf(Assembly assembly) => assembly.GetTypes().Where(type => !IsGenerated(Outermost(type)));

    /// <summary>Every type that a type names, with the member that does.</summary>
    public static IEnumerable<(string Member, Type Target)> Of(Type type)
    {
        IEnumerable<(string Member, Type? Target)> own =
        [
            ("base", type.BaseType),
            .. type.GetInterfaces().Select(target => ("interfaces", (Type?)target)),
            .. type.GetGenericArguments().Where(argument => argument.IsGenericParameter).SelectMany(argument => argument.GetGenericParameterConstraints()).Select(target => ("constraints", (Type?)target)),
            .. AttributesOf(type, "attributes"),
        ];
        return own.Concat(type.GetMembers(All).SelectMany(member => OfMember(type, member)))
            .Where(reference => reference.Target is not null)
            .SelectMany(reference => Parts(reference.Target!).Select(part => (reference.Member, part)))
            .Where(reference => Outermost(reference.part) != Outermost(type));
    }

    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.Name.StartsWith('<')
            || type.Namespace is null || type.Namespace.StartsWith("System", StringComparison.Ordinal) || type.Namespace.StartsWith("Microsoft", StringComparison.Ordinal);

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }

    /// <summary>A type's element type and arguments: List of X names X.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        if (type.IsFunctionPointer)
        {
            return type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).SelectMany(Parts);
        }

        if (type.IsGenericParameter)
        {
            return [];
        }

        return type.IsGenericType
            ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
            : [type];
    }

    private static IEnumerable<(string Member, Type? Target)> OfMember(Type type, MemberInfo member) => member switch
    {
        FieldInfo field => [(field.Name, field.FieldType), .. AttributesOf(field, field.Name)],
        PropertyInfo or EventInfo => AttributesOf(member, member.Name),
        MethodBase method =>
        [
            .. Signature(method).Select(target => (method.Name, (Type?)target)),
            .. AttributesOf(method, method.Name),
            .. Body(type, method).Select(target => (method.Name, (Type?)target)),
        ],
        _ => [],
    };

    private static IEnumerable<(string Member, Type? Target)> AttributesOf(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Select(attribute => (name, (Type?)attribute.AttributeType));

    private static IEnumerable<Type> Signature(MethodBase method)
    {
        IEnumerable<Type> types = method.GetParameters().Select(parameter => parameter.ParameterType);
        if (method is MethodInfo info)
        {
            types = types.Append(info.ReturnType).Concat(info.GetGenericArguments().Where(argument => argument.IsGenericParameter).SelectMany(argument => argument.GetGenericParameterConstraints()));
        }

        return types;
    }

    private static IEnumerable<Type> Body(Type type, MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            yield break;
        }

        foreach (LocalVariableInfo local in body.LocalVariables)
        {
            yield return local.LocalType;
        }

        foreach (ExceptionHandlingClause clause in body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause))
        {
            if (clause.CatchType is { } caught)
            {
                yield return caught;
            }
        }

        foreach (int token in Tokens(body.GetILAsByteArray()!))
        {
            Type[] ofType = type.IsGenericType ? type.GetGenericArguments() : [];
            Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
            foreach (Type target in TypesOf(type.Module.ResolveMember(token, ofType, ofMethod)!))
            {
                yield return target;
            }
        }
    }

    private static IEnumerable<Type> TypesOf(MemberInfo member)
    {
        if (member is Type named)
        {
            return [named];
        }

        IEnumerable<Type> types = member.DeclaringType is { } declaring ? [declaring] : [];
        return member switch
        {
            FieldInfo field => types.Append(field.FieldType),
            MethodBase method => types.Concat(Signature(method)).Concat(method.IsGenericMethod ? method.GetGenericArguments() : []),
            _ => types,
        };
    }

    /// <summary>The tokens of types, methods and fields in a method's code.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (int at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xFE)
            {
                value = unchecked((short)(0xFE00 | code[at++]));
            }

            OpCode instruction = OpCodeOf[value];
            switch (instruction.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return BitConverter.ToInt32(code, at);
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(code, at));
                    break;
                default:
                    at += OperandLength(instruction.OperandType);
                    break;
            }
        }
    }

    private static int OperandLength(OperandType type) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
