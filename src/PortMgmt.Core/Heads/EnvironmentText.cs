namespace PortMgmt.Heads;

/// <summary>Writes environment variables that have ports as text. Names are words and values are digits, so that nothing needs more than plain quotes.</summary>
internal static class EnvironmentText
{
    /// <summary>The lines, without their ends.</summary>
    /// <param name="format">How.</param>
    /// <param name="variables">The variables, checked, with their values.</param>
    public static IReadOnlyList<string> Write(EnvironmentFormat format, IReadOnlyList<KeyValuePair<string, string>> variables) => format switch
    {
        EnvironmentFormat.Dotenv => [.. variables.Select(static variable => $"{variable.Key}={variable.Value}")],
        EnvironmentFormat.Json => [$"{{{string.Join(',', variables.Select(static variable => $"\"{variable.Key}\":{variable.Value}"))}}}"],
        EnvironmentFormat.PowerShell => [.. variables.Select(static variable => $"$env:{variable.Key} = '{variable.Value}'")],
        _ => [.. variables.Select(static variable => $"export {variable.Key}='{variable.Value}'")],
    };
}
