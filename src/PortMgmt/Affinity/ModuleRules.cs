using System.Collections;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>What a module rules for all of its scripts, without their naming it: preferences, and strict mode.</summary>
internal static class ModuleRules
{
    private static readonly string[] Preferences =
    [
        "ErrorActionPreference", "WarningPreference", "VerbosePreference", "DebugPreference", "InformationPreference", "ConfirmPreference",
        "WhatIfPreference", "PSNativeCommandUseErrorActionPreference", "PSNativeCommandArgumentPassing", "PSDefaultParameterValues", "OFS",
        "OutputEncoding",
    ];

    /// <summary>Whether the session of a module has rules of its own, which no other runspace has.</summary>
    public static bool AreOwn(SessionState module) =>
        EngineInternals.IsStrict(module) || Array.Exists(Preferences, name => module.PSVariable.Get("script:" + name) is { } own && !IsOfAll(module, own));

    // A closure takes along what was there.
    private static bool IsOfAll(SessionState module, PSVariable own) =>
        module.PSVariable.Get("global:" + own.Name) is { } other && AreEqual(own.Value, other.Value);

    private static bool AreEqual(object? own, object? other) => own is IDictionary pairs
        ? pairs.Keys.Cast<object>().All(key => other is IDictionary others && others.Contains(key) && Equals(others[key], pairs[key]))
        : Equals(own, other);
}
