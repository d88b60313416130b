import type { Messages } from './messages.ts'

export const de: Messages = {
  problem: 'Problem',
  needHelp: 'Brauchen Sie Hilfe?',
  contactSupport: 'Support kontaktieren',
  application: 'Anwendung',
  opensInNewTab: 'öffnet sich in einem neuen Tab',
  login: {
    title: (application) => `Melden Sie sich an, um mit ${application} fortzufahren`,
    toAccount: 'Melden Sie sich bei Ihrem Konto an',
    username: 'E-Mail-Adresse oder Benutzername',
    password: 'Passwort',
    submit: 'Anmelden',
    problems: {
      wrong_credentials:
        'Der Benutzername oder das Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es noch einmal.',
      too_many_attempts:
        'Zu viele Versuche. Warten Sie einige Minuten und versuchen Sie es dann noch einmal.',
      blocked:
        'Dieses Konto ist gesperrt. Wenn Sie dazu eine E-Mail von uns bekommen haben, folgen Sie dem Link darin. Wenden Sie sich sonst an den Support.',
      missing_credentials: 'Geben Sie Ihren Benutzernamen und Ihr Passwort ein.',
      too_busy:
        'Im Moment melden sich sehr viele Personen an. Warten Sie einige Sekunden und versuchen Sie es dann noch einmal.',
      expired_form: 'Diese Seite war zu lange geöffnet. Bitte melden Sie sich noch einmal an.',
    },
  },
  consent: {
    title: (application) => `${application} bittet um Zugriff`,
    asksForApi: (application, api) => `${application} möchte ${api} in Ihrem Namen nutzen.`,
    asksForIdentity: (application) => `${application} möchte wissen, wer Sie sind.`,
    firstParty: (tenant) => `Eine Anwendung von ${tenant}`,
    thirdParty: (tenant) => `Nicht von ${tenant} betrieben`,
    loggedInAs: 'Sie sind angemeldet als',
    notYou: 'Nicht Sie?',
    permissions: 'Was die Anwendung darf',
    choose: 'Entfernen Sie das Häkchen bei allem, was Sie nicht erlauben möchten.',
    required: 'immer erforderlich',
    sentTo: 'Ihre Antwort geht an',
    policy: 'Datenschutzerklärung',
    terms: 'Nutzungsbedingungen',
    accept: 'Erlauben',
    deny: 'Ablehnen',
    scopes: {
      openid: 'Sie bei der nächsten Anmeldung wiedererkennen',
      profile: 'Ihren Namen, Ihr Bild und weitere Profildaten sehen',
      email: 'Ihre E-Mail-Adresse sehen',
      address: 'Ihre Postanschrift sehen',
      phone: 'Ihre Telefonnummer sehen',
      offline_access: 'Diesen Zugriff behalten, auch wenn Sie die Anwendung gerade nicht benutzen',
    },
  },
  error: {
    kinds: {
      authorization_request: {
        title: 'Diese Anfrage konnte nicht angenommen werden',
        text: 'Die Anwendung hat uns eine Anfrage geschickt, die wir nicht beantworten können. Sie haben nichts falsch gemacht: Gehen Sie zurück zur Anwendung und versuchen Sie es noch einmal. Wenn es wieder geschieht, informieren Sie die Betreiber der Anwendung.',
      },
      logout_request: {
        title: 'Diese Abmeldung konnte nicht angenommen werden',
        text: 'Die Anwendung hat eine Abmeldung geschickt, die wir nicht beantworten können. Gehen Sie zurück zur Anwendung, oder schließen Sie diese Seite.',
      },
      expired_transaction: {
        title: 'Diese Seite ist abgelaufen',
        text: 'Sie war zu lange geöffnet oder wurde schon benutzt. Gehen Sie zurück zur Anwendung und beginnen Sie noch einmal.',
      },
      not_found: {
        title: 'Hier ist nichts',
        text: 'Vielleicht enthält die Adresse einen Tippfehler, oder der Link ist zu alt. Gehen Sie zurück zur Anwendung und versuchen Sie es noch einmal.',
      },
      too_many_requests: {
        title: 'Einen Moment, bitte',
        text: 'Es gab in kurzer Zeit zu viele Anfragen. Warten Sie eine Minute und versuchen Sie es dann noch einmal.',
      },
      server_error: {
        title: 'Bei uns ist etwas schiefgegangen',
        text: 'Es lag nicht an Ihnen. Gehen Sie zurück zur Anwendung und versuchen Sie es gleich noch einmal.',
      },
      forbidden_form: {
        title: 'Dieses Formular ist nicht mehr gültig',
        text: 'Zu Ihrer Sicherheit nehmen wir nur Formulare an, die wir Ihnen selbst gezeigt haben. Gehen Sie zurück zur Anwendung und beginnen Sie noch einmal.',
      },
    },
    forDevelopers: 'Für Entwickler',
    code: 'Fehler',
    description: 'Was geschehen ist',
    clause: 'Regel',
    help: 'Was zu tun ist',
    requestId: 'Anfrage-ID',
  },
  setup: {
    title: 'Das erste Administratorkonto anlegen',
    text: (tenant) => `${tenant} läuft. Wählen Sie das Konto, das sich darum kümmert.`,
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    passwordHint:
      'Mindestens 12 Zeichen. Einige zufällige Wörter sind leicht zu merken und schwer zu erraten.',
    passwordAgain: 'Passwort wiederholen',
    submit: 'Administratorkonto anlegen',
    problems: {
      invalid_email: 'Das ist keine E-Mail-Adresse. Prüfen Sie sie und versuchen Sie es noch einmal.',
      weak_password: 'Dieses Passwort ist zu leicht zu erraten. Wählen Sie ein längeres.',
      passwords_differ: 'Die beiden Passwörter stimmen nicht überein. Geben Sie sie noch einmal ein.',
    },
  },
  device: {
    title: 'Ein Gerät verbinden',
    text: 'Geben Sie den Code ein, den Ihr Gerät anzeigt.',
    code: 'Code des Geräts',
    codeHint: 'Großschreibung, Bindestriche und Leerzeichen spielen keine Rolle.',
    submit: 'Weiter',
    shows: 'Ihr Gerät muss diesen Code anzeigen',
    warning:
      'Machen Sie nur weiter, wenn Sie das selbst begonnen haben und das Gerät vor sich sehen. Wenn Ihnen jemand einen Link oder Code geschickt hat, brechen Sie hier ab.',
    problems: {
      unknown_code: 'Dieser Code ist unbekannt oder nicht mehr gültig. Vergleichen Sie ihn mit Ihrem Gerät.',
      too_many_attempts:
        'Zu viele Versuche. Warten Sie einige Minuten und versuchen Sie es dann noch einmal.',
      expired_form: 'Diese Seite war zu lange geöffnet. Bitte geben Sie den Code noch einmal ein.',
    },
  },
  home: {
    title: 'Das ist ein Anmeldeserver',
    text: (tenant) =>
      `${tenant} meldet damit Personen bei Anwendungen an. Um sich anzumelden, öffnen Sie die Anwendung, die Sie benutzen möchten.`,
    applications: 'Sehen, welche Anwendungen in Ihrem Namen handeln dürfen',
    developers: 'Alles für Entwicklerinnen und Entwickler steht in',
  },
  unblock: {
    title: 'Ihr Konto wieder öffnen?',
    text: 'Jemand hat versucht, sich mit falschen Passwörtern bei Ihrem Konto anzumelden. Wenn Sie das waren, können Sie es gleich noch einmal versuchen.',
    submit: 'Mein Konto öffnen',
  },
  logout: {
    title: 'Abmelden?',
    text: (user) =>
      `Sie sind als ${user} angemeldet. Mit dem Abmelden endet Ihre Sitzung für alle Anwendungen.`,
    submit: 'Abmelden',
    stay: 'Angemeldet bleiben',
  },
  loggedOut: {
    title: 'Sie sind abgemeldet',
    text: 'Sie können diese Seite jetzt schließen.',
    goingOn: 'Gleich kommen Sie zurück zur Anwendung.',
    goOn: 'Zurück zur Anwendung',
  },
  applications: {
    title: 'Anwendungen mit Zugriff',
    text: 'Diese Anwendungen dürfen in Ihrem Namen handeln oder wissen, wer Sie sind. Entfernen Sie, was Sie nicht mehr benutzen.',
    none: 'Keine Anwendung hat Zugriff auf Ihr Konto.',
    identity: 'Ihr Profil',
    allowedOn: (date) => `Erlaubt am ${date}`,
    staysConnected: 'Bleibt verbunden, auch wenn Sie nicht da sind',
    revoke: (application) => `${application} den Zugriff entziehen`,
    effect: (application) =>
      `${application} muss Sie wieder fragen, bevor die Anwendung etwas Neues bekommt.`,
    delay: (duration) =>
      `Bei einer API, die uns nicht fragt, können Anwendungen noch bis zu ${duration} weiterarbeiten.`,
    confirm: 'Zugriff entziehen',
    removed: (application) => `${application} hat keinen Zugriff mehr.`,
  },
  formPost: {
    title: 'Zurück zur Anwendung',
    text: 'Ihre Antwort ist bereit. Senden Sie sie an die Anwendung, um fortzufahren.',
    submit: 'Weiter',
  },
  message: {
    setup_done: {
      title: 'Alles bereit',
      text: 'Das Administratorkonto ist angelegt. Beschreiben Sie als Nächstes Ihre erste Anwendung in einer Mandantendatei und übernehmen Sie sie mit dem Befehl „valetkey apply tenant.yaml“.',
    },
    account_unblocked: {
      title: 'Ihr Konto ist wieder offen',
      text: 'Gehen Sie zurück zur Anwendung und melden Sie sich an.',
    },
    setup_link_invalid: {
      title: 'Dieser Link ist nicht mehr gültig',
      text: 'Er wurde schon benutzt, ist zu alt oder wurde durch einen neueren ersetzt. Wenn es noch kein Administratorkonto gibt, starten Sie den Server neu, um einen neuen Link zu erhalten.',
    },
    link_invalid: {
      title: 'Dieser Link ist nicht mehr gültig',
      text: 'Er wurde schon benutzt oder ist zu alt. Gehen Sie zurück zur Anwendung und fordern Sie einen neuen an.',
    },
    device_connected: {
      title: 'Ihr Gerät ist verbunden',
      text: 'Sie können diese Seite schließen und am Gerät weitermachen.',
    },
    device_declined: {
      title: 'Das Gerät wurde nicht verbunden',
      text: 'Es bekommt keinen Zugriff. Sie können diese Seite schließen.',
    },
    still_logged_in: {
      title: 'Sie sind weiterhin angemeldet',
      text: 'Es wurde nichts geändert. Sie können diese Seite schließen.',
    },
  },
}
